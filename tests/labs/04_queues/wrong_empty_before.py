"""Wrong: every name has its own result: asks whether a queue is empty, and it was"""

from multiprocessing import Process, Queue

from helpers.workers.lab_04 import SpoiledError, develop


def produce(names: list[str], tasks: Queue, consumers: int) -> None:
    for name in names:
        tasks.put(name)


def consume(tasks: Queue, results: Queue) -> None:
    while not tasks.empty():
        name = tasks.get()
        try:
            result = develop(name)
        except SpoiledError as error:
            result = str(error)
        results.put((name, result))


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    tasks, results = Queue(), Queue()
    line = [Process(target=produce, args=(names, tasks, consumers))]
    line += [Process(target=consume, args=(tasks, results)) for _ in range(consumers)]
    for process in line:
        process.start()
    for process in line:
        process.join()
    found = {}
    while not results.empty():
        name, result = results.get()
        found[name] = result
    return found
