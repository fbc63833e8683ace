"""Wrong: in shared memory, the total lives there: no shared memory was made. Make a Value"""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_03 import send_count


def count_by_values(pages: list[str], word: str) -> int:
    counts = SimpleQueue()
    processes = [Process(target=send_count, args=(page, word, counts)) for page in pages]
    for process in processes:
        process.start()
    total = sum(counts.get() for _ in pages)
    for process in processes:
        process.join()
    return total


def count_in_shared_memory(pages: list[str], word: str) -> int:
    return count_by_values(pages, word)
