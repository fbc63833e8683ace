"""Wrong: every job has its exit code: The parent does not see a dict that a child fills"""

import time
from multiprocessing import Process

codes: dict[str, int] = {}


def run(name: str, function: object, args: tuple) -> None:
    codes[name] = 1
    function(*args)
    codes[name] = 0


def wait(processes: list[Process], seconds: float) -> None:
    end = time.monotonic() + seconds
    for process in processes:
        process.join(max(0, end - time.monotonic()))


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    processes = [Process(target=run, args=(name, *job)) for name, job in jobs.items()]
    for process in processes:
        process.start()
    wait(processes, deadline)
    for process in processes:
        process.terminate()
    wait(processes, patience)
    for process in processes:
        process.kill()
        process.join()
    return dict(codes)
