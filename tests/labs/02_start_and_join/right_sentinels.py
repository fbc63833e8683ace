"""Right: waits for whichever ends next, by the sentinels."""

import time
from multiprocessing import Process, connection


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    processes = {
        name: Process(target=function, args=args) for name, (function, args) in jobs.items()
    }
    for process in processes.values():
        process.start()
    waiting = {process.sentinel: process for process in processes.values()}
    for seconds, how in ((deadline, Process.terminate), (patience, Process.kill)):
        end = time.monotonic() + seconds
        while waiting and (left := end - time.monotonic()) > 0:
            for sentinel in connection.wait(waiting, left):
                del waiting[sentinel]
        for process in waiting.values():
            how(process)
    for process in processes.values():
        process.join()
    return {name: process.exitcode for name, process in processes.items()}
