"""Right: a manager's queue, and its Value under its Lock."""

from multiprocessing import Manager, Process

from helpers.workers.lab_03 import count_word, send_count


def count_by_values(pages: list[str], word: str) -> int:
    with Manager() as manager:
        counts = manager.Queue()
        processes = [Process(target=send_count, args=(page, word, counts)) for page in pages]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        return sum(counts.get() for _ in pages)


def add_count(page: str, word: str, total: object, lock: object) -> None:
    count = count_word(page, word)
    with lock:
        total.value += count


def count_in_shared_memory(pages: list[str], word: str) -> int:
    manager = Manager()
    total, lock = manager.Value("q", 0), manager.Lock()
    processes = [Process(target=add_count, args=(page, word, total, lock)) for page in pages]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    found = total.value
    manager.shutdown()
    return found
