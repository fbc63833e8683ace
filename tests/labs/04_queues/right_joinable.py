"""Right: a JoinableQueue, task_done in a finally, forkserver where there is one."""

from multiprocessing import JoinableQueue, Queue, get_all_start_methods, get_context

from helpers.workers.lab_04 import SpoiledError, develop

HOW = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"


def consume(tasks: JoinableQueue, results: Queue) -> None:
    for name in iter(tasks.get, None):
        try:
            results.put((name, develop(name)))
        except SpoiledError as error:
            results.put((name, str(error)))
        finally:
            tasks.task_done()
    tasks.task_done()


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    context = get_context(HOW)
    tasks, results = context.JoinableQueue(), context.Queue()
    crew = [context.Process(target=consume, args=(tasks, results)) for _ in range(consumers)]
    for process in crew:
        process.start()
    for name in [*names, *[None] * consumers]:
        tasks.put(name)
    tasks.join()
    found = dict(results.get() for _ in names)
    for process in crew:
        process.join()
    return found
