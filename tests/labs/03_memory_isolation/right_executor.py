"""Right: an executor with an initializer, a RawValue and a Lock."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Lock
from multiprocessing.sharedctypes import RawValue

from helpers.workers.lab_03 import count_word

shared = {}


def keep(total: RawValue, lock: Lock) -> None:
    shared.update(total=total, lock=lock)


def add_count(page: str, word: str) -> None:
    count = count_word(page, word)
    with shared["lock"]:
        shared["total"].value += count


def count_by_values(pages: list[str], word: str) -> int:
    if not pages:
        return 0
    with ProcessPoolExecutor(len(pages)) as pool:
        return sum(pool.map(count_word, pages, [word] * len(pages)))


def count_in_shared_memory(pages: list[str], word: str) -> int:
    if not pages:
        return 0
    total, lock = RawValue("q", 0), Lock()
    with ProcessPoolExecutor(len(pages), initializer=keep, initargs=(total, lock)) as pool:
        futures = [pool.submit(add_count, page, word) for page in pages]
    for future in futures:
        future.result()
    return total.value
