"""Right: SimpleQueues, and a process that is a class of its own."""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_04 import develop


class Consumer(Process):
    def __init__(self, tasks: SimpleQueue, results: SimpleQueue) -> None:
        super().__init__(daemon=True)
        self.tasks, self.results = tasks, results

    def run(self) -> None:
        while (name := self.tasks.get()) is not None:
            self.results.put((name, *attempt(name)))


def attempt(name: str) -> tuple[bool, bytes | Exception]:
    try:
        return True, develop(name)
    except Exception as error:
        return False, error


def produce(names: list[str], tasks: SimpleQueue, consumers: int) -> None:
    for name in names:
        tasks.put(name)
    for _ in range(consumers):
        tasks.put(None)


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    tasks, results = SimpleQueue(), SimpleQueue()
    producer = Process(target=produce, args=(names, tasks, consumers))
    crew = [Consumer(tasks, results) for _ in range(consumers)]
    for process in [producer, *crew]:
        process.start()
    found = {}
    while len(found) < len(names):
        name, fine, result = results.get()
        found[name] = result if fine else str(result)
    for process in [producer, *crew]:
        process.join()
        process.close()
    return found
