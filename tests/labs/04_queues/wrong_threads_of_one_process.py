"""Wrong: the consumers work at the same time: threads of one process did the work"""

from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_04 import SpoiledError, develop


def attempt(name: str) -> bytes | str:
    try:
        return develop(name)
    except SpoiledError as error:
        return str(error)


def consume(names: list[str], results: SimpleQueue, consumers: int) -> None:
    with ThreadPoolExecutor(consumers) as pool:
        for name, result in zip(names, pool.map(attempt, names), strict=True):
            results.put((name, result))


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    results = SimpleQueue()
    process = Process(target=consume, args=(names, results, consumers))
    process.start()
    found = dict(results.get() for _ in names)
    process.join()
    return found
