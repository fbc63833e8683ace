"""Right: a manager's queues, and a thread of the parent that collects."""

import queue
from multiprocessing import Manager, Process
from threading import Thread

from helpers.workers.lab_04 import SpoiledError, develop


def consume(tasks: queue.Queue, results: queue.Queue) -> None:
    while True:
        name = tasks.get()
        if name is None:
            break
        try:
            result = develop(name)
        except SpoiledError as error:
            result = str(error)
        results.put((name, result))


def collect(results: queue.Queue, found: dict, expected: int) -> None:
    for _ in range(expected):
        name, result = results.get()
        found[name] = result


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    found = {}
    with Manager() as manager:
        tasks, results = manager.Queue(), manager.Queue()
        crew = [Process(target=consume, args=(tasks, results)) for _ in range(consumers)]
        for process in crew:
            process.start()
        collector = Thread(target=collect, args=(results, found, len(names)))
        collector.start()
        for name in names + [None] * consumers:
            tasks.put(name)
        collector.join()
        for process in crew:
            process.join()
    return found
