"""Wrong: every name has its own result: did not come back: a queue that only seemed empty"""

from multiprocessing import Process, Queue
from queue import Empty

from helpers.workers.lab_04 import SpoiledError, develop


def consume(tasks: Queue, results: Queue) -> None:
    while True:
        try:
            name = tasks.get_nowait()
        except Empty:
            break
        try:
            result = develop(name)
        except SpoiledError as error:
            result = str(error)
        results.put((name, result))


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    tasks, results = Queue(), Queue()
    for name in names:
        tasks.put(name)
    line = [Process(target=consume, args=(tasks, results)) for _ in range(consumers)]
    for process in line:
        process.start()
    found = dict(results.get() for _ in names)
    for process in line:
        process.join()
    return found
