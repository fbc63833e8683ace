"""Wrong: every name has its own result: did not come back: run_line waits for a result"""

from multiprocessing import Process, Queue, SimpleQueue

from helpers.workers.lab_04 import SpoiledError, develop


def produce(names: list[str], tasks: SimpleQueue) -> None:
    for name in names:
        tasks.put(name)


def consume(tasks: SimpleQueue, results: Queue) -> None:
    while True:
        name = tasks.get()
        if name is None:
            break
        try:
            result = develop(name)
        except SpoiledError as error:
            result = str(error)
        results.put((name, result))


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    tasks, results = SimpleQueue(), Queue()
    for _ in range(consumers):
        tasks.put(None)
    line = [Process(target=produce, args=(names, tasks))]
    line += [Process(target=consume, args=(tasks, results)) for _ in range(consumers)]
    for process in line:
        process.start()
    found = dict(results.get() for _ in names)
    for process in line:
        process.join()
    return found
