"""Right: waits for whichever ends next, by the sentinels."""

import time
from multiprocessing import Process, connection


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    processes = {
        name: Process(target=function, args=args) for name, (function, args) in jobs.items()
    }
    for process in processes.values():
        process.start()
    waiting = {process.sentinel for process in processes.values()}
    end = time.monotonic() + deadline
    while waiting and (left := end - time.monotonic()) > 0:
        waiting -= set(connection.wait(waiting, left))
    for process in processes.values():
        if process.sentinel not in waiting:
            continue
        process.terminate()
        if not connection.wait([process.sentinel], patience):
            process.kill()
    for process in processes.values():
        process.join()
    return {name: process.exitcode for name, process in processes.items()}
