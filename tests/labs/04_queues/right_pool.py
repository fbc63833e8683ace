"""Right: a pool, closed and joined."""

from multiprocessing import Pool

from helpers.workers.lab_04 import SpoiledError, develop


def attempt(name: str) -> tuple[str, bytes | str]:
    try:
        return name, develop(name)
    except SpoiledError as error:
        return name, str(error)


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    with Pool(consumers) as pool:
        found = dict(pool.imap_unordered(attempt, names))
        pool.close()
        pool.join()
    return found
