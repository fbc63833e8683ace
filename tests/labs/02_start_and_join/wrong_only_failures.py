"""Wrong: every job has its exit code: no exit code for backup"""

import time
from multiprocessing import Process


def stop(process: Process, patience: float) -> None:
    process.terminate()
    process.join(patience)
    if process.is_alive():
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
    for process in processes.values():
        if process.is_alive():
            stop(process, patience)
    return {name: process.exitcode for name, process in processes.items() if process.exitcode}
