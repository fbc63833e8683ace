"""Right: a pool, whose initializer hands the Value to each worker."""

from multiprocessing import Pool, Value

from helpers.workers.lab_03 import count_word


def count_by_values(pages: list[str], word: str) -> int:
    with Pool(max(1, len(pages))) as pool:
        return sum(pool.starmap(count_word, [(page, word) for page in pages], chunksize=1))


def keep(total: Value) -> None:
    global kept
    kept = total


def add_count(page: str, word: str) -> None:
    count = count_word(page, word)
    with kept.get_lock():
        kept.value += count


def count_in_shared_memory(pages: list[str], word: str) -> int:
    total = Value("q", 0)
    with Pool(max(1, len(pages)), initializer=keep, initargs=(total,)) as pool:
        pool.starmap(add_count, [(page, word) for page in pages], chunksize=1)
    return total.value
