"""Right: an Array with a place for each child, which needs no lock."""

from multiprocessing import Array, Process, Queue

from helpers.workers.lab_03 import count_word, send_count


def count_by_values(pages: list[str], word: str) -> int:
    counts = Queue()
    processes = [Process(target=send_count, args=(page, word, counts)) for page in pages]
    for process in processes:
        process.start()
    total = sum(counts.get() for _ in processes)
    for process in processes:
        process.join()
    return total


def add_count(page: str, word: str, counts: Array, place: int) -> None:
    counts[place] += count_word(page, word)


def count_in_shared_memory(pages: list[str], word: str) -> int:
    counts = Array("q", len(pages))
    processes = [
        Process(target=add_count, args=(page, word, counts, place))
        for place, page in enumerate(pages)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return sum(counts)
