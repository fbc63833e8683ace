"""Wrong: every process ends by itself: stopped by terminate() or kill()"""

from multiprocessing import Pool

from helpers.workers.lab_04 import SpoiledError, develop


def attempt(name: str) -> tuple[str, bytes | str]:
    try:
        return name, develop(name)
    except SpoiledError as error:
        return name, str(error)


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    with Pool(consumers) as pool:
        return dict(pool.imap_unordered(attempt, names))
