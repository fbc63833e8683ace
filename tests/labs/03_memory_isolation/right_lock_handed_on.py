"""Right: a forkserver context, and a Lock beside the Value."""

from multiprocessing import get_context

from helpers.workers.lab_03 import count_word, send_count

SERVER = get_context("forkserver")


def run_all(target: object, pages: list[str], *args: object) -> list:
    processes = [SERVER.Process(target=target, args=(page, *args)) for page in pages]
    for process in processes:
        process.start()
    return processes


def add_count(page: str, word: str, total: object, lock: object) -> None:
    count = count_word(page, word)
    lock.acquire()
    try:
        total.value = total.value + count
    finally:
        lock.release()


def count_by_values(pages: list[str], word: str) -> int:
    counts = SERVER.SimpleQueue()
    processes = run_all(send_count, pages, word, counts)
    total = sum(counts.get() for _ in processes)
    for process in processes:
        process.join()
    return total


def count_in_shared_memory(pages: list[str], word: str) -> int:
    total, lock = SERVER.Value("q", 0), SERVER.Lock()
    for process in run_all(add_count, pages, word, total, lock):
        process.join()
    return total.value
