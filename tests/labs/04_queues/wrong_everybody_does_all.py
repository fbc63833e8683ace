"""Wrong: the consumers work at the same time: expected 3 calls of develop, saw 9"""

from multiprocessing import Process, Queue

from helpers.workers.lab_04 import SpoiledError, develop


def consume(names: list[str], results: Queue) -> None:
    for name in names:
        try:
            result = develop(name)
        except SpoiledError as error:
            result = str(error)
        results.put((name, result))


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    results = Queue()
    line = [Process(target=consume, args=(names, results)) for _ in range(consumers)]
    for process in line:
        process.start()
    found = dict(results.get() for _ in range(len(names) * consumers))
    for process in line:
        process.join()
    return found
