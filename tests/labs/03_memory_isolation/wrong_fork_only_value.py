"""Wrong: in shared memory, the total lives there: got 0. Is it the same Value in every child"""

from multiprocessing import Process, SimpleQueue, Value

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


total = Value("q", 0)


def add_count(page: str, word: str) -> None:
    count = count_word(page, word)
    with total.get_lock():
        total.value += count


def count_in_shared_memory(pages: list[str], word: str) -> int:
    total.value = 0
    processes = [Process(target=add_count, args=(page, word)) for page in pages]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return total.value
