"""Right: no list of processes: waits until there are no active children."""

from multiprocessing import Process, Queue, active_children

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
        except SpoiledError as error:
            result = str(error)
        results.put((name, result))


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    tasks, results = Queue(), Queue()
    Process(target=produce, args=(names, tasks, consumers)).start()
    for _ in range(consumers):
        Process(target=consume, args=(tasks, results)).start()
    found = dict(results.get() for _ in names)
    while left := active_children():
        left[0].join()
    return found
