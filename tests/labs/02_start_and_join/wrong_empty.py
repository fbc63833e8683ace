"""Wrong: no jobs, no processes: with no jobs: expected {}, got None"""

import time
from multiprocessing import Process


def stop(processes: list[Process], patience: float) -> None:
    for process in processes:
        process.terminate()
    end = time.monotonic() + patience
    for process in processes:
        process.join(max(0, end - time.monotonic()))
    for process in processes:
        process.kill()
        process.join()


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    processes = {
        name: Process(target=function, args=args) for name, (function, args) in jobs.items()
    }
    for process in processes.values():
        process.start()
    end = time.monotonic() + deadline
    for process in processes.values():
        process.join(max(0, end - time.monotonic()))
    stop(list(processes.values()), patience)
    return {name: process.exitcode for name, process in processes.items()} or None
