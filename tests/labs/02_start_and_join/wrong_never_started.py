"""Wrong: all the jobs ran at once, each in a process: no process was started"""

import time
from multiprocessing import Process


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    processes = {name: Process(target=job[0], args=job[1]) for name, job in jobs.items()}
    time.sleep(deadline)
    return {name: process.exitcode for name, process in processes.items()}
