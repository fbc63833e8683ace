"""Wrong: none and many come through: with no names it raised ValueError"""

from multiprocessing import Pool

from helpers.workers.lab_04 import SpoiledError, develop


def attempt(name: str) -> tuple[str, bytes | str]:
    try:
        return name, develop(name)
    except SpoiledError as error:
        return name, str(error)


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    pool = Pool(min(len(names), consumers))
    found = dict(pool.imap_unordered(attempt, names))
    pool.close()
    pool.join()
    return found
