"""Wrong: what hangs is asked to end: 4 of 4 jobs hang, and supervise still waits for them"""

from multiprocessing import Process


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    processes = {
        name: Process(target=function, args=args) for name, (function, args) in jobs.items()
    }
    for process in processes.values():
        process.start()
    for process in processes.values():
        process.join()
    return {name: process.exitcode for name, process in processes.items()}
