"""Wrong: by values, the counts are sent, not shared: a Value or an Array was used. Send each count back"""  # noqa: E501

from multiprocessing import Array, Process, Value

from helpers.workers.lab_03 import count_word


def keep(page: str, word: str, counts: Array, place: int) -> None:
    counts[place] = count_word(page, word)


def count_by_values(pages: list[str], word: str) -> int:
    counts = Array("q", len(pages))
    processes = [
        Process(target=keep, args=(page, word, counts, place)) for place, page in enumerate(pages)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return sum(counts)


def add_count(page: str, word: str, total: Value) -> None:
    count = count_word(page, word)
    with total.get_lock():
        total.value += count


def count_in_shared_memory(pages: list[str], word: str) -> int:
    total = Value("q", 0)
    processes = [Process(target=add_count, args=(page, word, total)) for page in pages]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return total.value
