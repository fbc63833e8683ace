"""Wrong: all are asked before any is killed: one job was killed before 1 of the other 1"""

import time
from collections.abc import Callable
from multiprocessing import Process


def stop(process: Process, patience: float) -> None:
    process.terminate()
    process.join(patience)
    if process.is_alive():
        process.kill()
        process.join()


def supervise(
    jobs: dict[str, tuple[Callable, tuple]], deadline: float, patience: float
) -> dict[str, int]:
    processes = {
        name: Process(target=function, args=args) for name, (function, args) in jobs.items()
    }
    for process in processes.values():
        process.start()
    end = time.monotonic() + deadline
    for process in processes.values():
        process.join(max(0, end - time.monotonic()))
    for process in processes.values():
        if process.is_alive():
            stop(process, patience)
    return {name: process.exitcode for name, process in processes.items()}
