"""Wrong: in shared memory, the total lives there: got 0, and no shared memory was made: does each child"""  # noqa: E501

from multiprocessing import Process, SimpleQueue

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


total = 0


def add_count(page: str, word: str) -> None:
    global total
    total += count_word(page, word)


def count_in_shared_memory(pages: list[str], word: str) -> int:
    global total
    total = 0
    processes = [Process(target=add_count, args=(page, word)) for page in pages]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return total
