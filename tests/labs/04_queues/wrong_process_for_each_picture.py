"""Wrong: none and many come through: processes were started for one consumer"""

from multiprocessing import Process, Queue

from helpers.workers.lab_04 import SpoiledError, develop


def produce(names: list[str], tasks: Queue, consumers: int) -> None:
    for name in names:
        tasks.put(name)
    for _ in range(consumers):
        tasks.put(None)


def consume(tasks: Queue, results: Queue) -> None:
    for name in iter(tasks.get, None):
        try:
            result = develop(name)
        except SpoiledError as error:
            result = str(error)
        results.put((name, result))


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    consumers = len(names)
    tasks, results = Queue(), Queue()
    line = [Process(target=produce, args=(names, tasks, consumers))]
    line += [Process(target=consume, args=(tasks, results)) for _ in range(consumers)]
    for process in line:
        process.start()
    found = dict(results.get() for _ in names)
    for process in line:
        process.join()
    return found
