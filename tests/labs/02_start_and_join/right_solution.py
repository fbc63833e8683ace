"""Right: each step for all: join with one end, terminate, join with one end, kill, join."""

import time
from multiprocessing import Process


def join_all(processes: list[Process], seconds: float) -> None:
    end = time.monotonic() + seconds
    for process in processes:
        process.join(max(0, end - time.monotonic()))


def supervise(jobs: dict[str, tuple], deadline: float, patience: float) -> dict[str, int]:
    processes = [Process(target=function, args=args) for function, args in jobs.values()]
    for process in processes:
        process.start()
    join_all(processes, deadline)
    for process in processes:
        process.terminate()
    join_all(processes, patience)
    for process in processes:
        process.kill()
    for process in processes:
        process.join()
    return {name: process.exitcode for name, process in zip(jobs, processes, strict=True)}
