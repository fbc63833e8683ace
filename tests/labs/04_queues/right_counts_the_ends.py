"""Right: each consumer says that it ends; a context of its own, spawn."""

from multiprocessing import Queue, get_context

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
            results.put(None)
            break
        try:
            result = develop(name)
        except SpoiledError as error:
            result = str(error)
        results.put((name, result))


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    spawn = get_context("spawn")
    tasks, results = spawn.Queue(), spawn.Queue()
    line = [spawn.Process(target=produce, args=(names, tasks, consumers))]
    line += [spawn.Process(target=consume, args=(tasks, results)) for _ in range(consumers)]
    for process in line:
        process.start()
    found, left = {}, consumers
    while left:
        came = results.get()
        if came is None:
            left -= 1
        else:
            found[came[0]] = came[1]
    for process in line:
        process.join()
    return found
