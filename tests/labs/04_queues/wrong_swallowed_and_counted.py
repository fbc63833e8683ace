"""Wrong: a spoiled picture stops no process: did not come back: run_line waits for a result"""

from multiprocessing import Process, Queue

from helpers.workers.lab_04 import SpoiledError, develop


def produce(names: list[str], tasks: Queue, consumers: int) -> None:
    for name in names:
        tasks.put(name)
    for _ in range(consumers):
        tasks.put(None)


def consume(tasks: Queue, results: Queue) -> None:
    while True:
        name = tasks.get()
        if name is None:
            break
        try:
            result = develop(name)
        except SpoiledError:
            continue
        results.put((name, result))


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    tasks, results = Queue(), Queue()
    line = [Process(target=produce, args=(names, tasks, consumers))]
    line += [Process(target=consume, args=(tasks, results)) for _ in range(consumers)]
    for process in line:
        process.start()
    found = dict(results.get() for _ in names)
    for process in line:
        process.join()
    return found
