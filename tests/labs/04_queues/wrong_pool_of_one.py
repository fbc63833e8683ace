"""Wrong: the consumers work at the same time: 1 were started: is the pool too small?"""

from concurrent.futures import ProcessPoolExecutor

from helpers.workers.lab_04 import SpoiledError, develop


def attempt(name: str) -> tuple[str, bytes | str]:
    try:
        return name, develop(name)
    except SpoiledError as error:
        return name, str(error)


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    with ProcessPoolExecutor(1) as pool:
        return dict(pool.map(attempt, names))
