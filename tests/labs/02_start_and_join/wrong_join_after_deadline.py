"""Wrong: what hangs is asked to end: the code ended early: TimeoutError: mail"""

import time
from multiprocessing import Process


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    processes = {
        name: Process(target=function, args=args) for name, (function, args) in jobs.items()
    }
    for process in processes.values():
        process.start()
    end = time.monotonic() + deadline
    for process in processes.values():
        process.join(max(0, end - time.monotonic()))
    for name, process in processes.items():
        if process.is_alive():
            raise TimeoutError(name)
    return {name: process.exitcode for name, process in processes.items()}
