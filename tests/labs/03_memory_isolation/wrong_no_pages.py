"""Wrong: by values, the total is right: with no pages: expected 0"""

from multiprocessing import Pool, Process, Value

from helpers.workers.lab_03 import count_word


def count_by_values(pages: list[str], word: str) -> int:
    with Pool(max(1, len(pages))) as pool:
        counts = pool.starmap(count_word, [(page, word) for page in pages], chunksize=1)
    return sum(counts) or None


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
