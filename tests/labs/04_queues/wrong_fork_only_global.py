"""Wrong: every name has its own result: a shared object that each child makes again"""

from multiprocessing import Process, Queue

from helpers.workers.lab_04 import SpoiledError, develop

tasks, results = Queue(), Queue()


def produce(names: list[str], consumers: int) -> None:
    for name in names:
        tasks.put(name)
    for _ in range(consumers):
        tasks.put(None)


def consume() -> None:
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
    line = [Process(target=produce, args=(names, consumers))]
    line += [Process(target=consume) for _ in range(consumers)]
    for process in line:
        process.start()
    found = dict(results.get() for _ in names)
    for process in line:
        process.join()
    return found
