"""Wrong: every process was joined: 1 of 5 processes are still alive"""

import time
from multiprocessing import Process, connection


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
    clock = Process(target=time.sleep, args=(deadline,), daemon=True)
    clock.start()
    waiting = {process.sentinel for process in processes.values()}
    while waiting:
        ended = set(connection.wait([*waiting, clock.sentinel]))
        if clock.sentinel in ended:
            break
        waiting -= ended
    for process in processes.values():
        if process.is_alive():
            stop(process, patience)
    for process in processes.values():
        process.join()
    return {name: process.exitcode for name, process in processes.items()}
