"""Wrong: what does not listen is killed: ignores terminate()"""

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
    for process in processes.values():
        process.terminate()
        process.join()
    return {name: process.exitcode for name, process in processes.items()}
