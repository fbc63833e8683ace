"""Wrong: every process was joined: 1 of 5 processes are still alive"""

import time
from multiprocessing import Process


def show_that_we_live() -> None:
    while True:
        time.sleep(1)


def stop(processes: list[Process], patience: float) -> None:
    for process in processes:
        process.terminate()
    end = time.monotonic() + patience
    for process in processes:
        process.join(max(0, end - time.monotonic()))
    for process in processes:
        process.kill()
        process.join()


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    processes = {
        name: Process(target=function, args=args) for name, (function, args) in jobs.items()
    }
    for process in processes.values():
        process.start()
    Process(target=show_that_we_live, daemon=True).start()
    end = time.monotonic() + deadline
    for process in processes.values():
        process.join(max(0, end - time.monotonic()))
    stop(list(processes.values()), patience)
    return {name: process.exitcode for name, process in processes.items()}
