"""Wrong: every name has its own result: a function without a name that others can find"""

from multiprocessing import Process, Queue

from helpers.workers.lab_04 import SpoiledError, develop


def produce(names: list[str], tasks: Queue, consumers: int) -> None:
    for name in names:
        tasks.put(name)
    for _ in range(consumers):
        tasks.put(None)


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    tasks, results = Queue(), Queue()

    def consume() -> None:
        for name in iter(tasks.get, None):
            try:
                results.put((name, develop(name)))
            except SpoiledError as error:
                results.put((name, str(error)))

    crew = [Process(target=consume) for _ in range(consumers)]
    for process in crew:
        process.start()
    produce(names, tasks, consumers)
    found = dict(results.get() for _ in names)
    for process in crew:
        process.join()
    return found
