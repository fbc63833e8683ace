"""Right: a barrier, a Semaphore for a lock, and Values of another type."""

from multiprocessing import Barrier, Process, Semaphore, SimpleQueue, Value

from helpers.workers.lab_03 import count_word, send_count


def count_by_values(pages: list[str], word: str) -> int:
    counts = SimpleQueue()
    processes = [Process(target=send_count, args=(page, word, counts)) for page in pages]
    for process in processes:
        process.start()
    total = sum(counts.get() for _ in pages)
    for process in processes:
        process.join()
    return total


def add_count(page: str, word: str, total: Value, turn: Semaphore, all_here: Barrier) -> None:
    all_here.wait()
    count = count_word(page, word)
    all_here.wait()
    with turn:
        total.value += float(count)


def count_in_shared_memory(pages: list[str], word: str) -> int:
    if not pages:
        return 0
    total, turn, all_here = Value("d", 0.0), Semaphore(1), Barrier(len(pages))
    processes = [
        Process(target=add_count, args=(page, word, total, turn, all_here)) for page in pages
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return round(total.value)
