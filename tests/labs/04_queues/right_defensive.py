"""Right: bounded, with time limits; in an emergency it stops every process that is still alive."""

import itertools
import time
from multiprocessing import Process, Queue
from queue import Empty

from helpers.workers.lab_04 import develop


def consume(tasks: Queue, results: Queue) -> None:
    while True:
        try:
            name = tasks.get_nowait()
        except Empty:
            time.sleep(0.001)
            continue
        if name is None:
            return
        try:
            results.put((name, develop(name), None))
        except Exception as error:
            results.put((name, None, str(error)))


def produce(names: list[str], tasks: Queue, consumers: int) -> None:
    for name in itertools.chain(names, [None] * consumers):
        tasks.put(name, timeout=30)


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    tasks, results = Queue(maxsize=2), Queue(maxsize=2)
    crew = [Process(target=produce, args=(names, tasks, consumers), name="producer")]
    crew += [Process(target=consume, args=(tasks, results)) for _ in range(min(consumers, 60))]
    found = {}
    try:
        for process in crew:
            process.start()
        for _ in names:
            name, picture, error = results.get(timeout=30)
            found[name] = picture if error is None else error
        for process in crew:
            process.join(timeout=30)
    finally:
        for process in crew:
            if process.is_alive():
                process.terminate()
                process.join()
    return found
