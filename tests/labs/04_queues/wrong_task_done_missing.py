"""Wrong: a spoiled picture stops no process: did not come back: task_done is missing"""

from multiprocessing import JoinableQueue, Process, Queue

from helpers.workers.lab_04 import SpoiledError, develop


def consume(tasks: JoinableQueue, results: Queue) -> None:
    while True:
        name = tasks.get()
        if name is None:
            tasks.task_done()
            break
        try:
            result = develop(name)
        except SpoiledError as error:
            results.put((name, str(error)))
            continue
        results.put((name, result))
        tasks.task_done()


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    tasks, results = JoinableQueue(), Queue()
    line = [Process(target=consume, args=(tasks, results)) for _ in range(consumers)]
    for process in line:
        process.start()
    for name in names + [None] * consumers:
        tasks.put(name)
    tasks.join()
    found = dict(results.get() for _ in names)
    for process in line:
        process.join()
    return found
