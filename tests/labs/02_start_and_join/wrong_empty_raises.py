"""Wrong: no jobs, no processes: with no jobs it raised ValueError"""

import time
from multiprocessing import Process


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
    names, work = zip(*jobs.items(), strict=True)
    processes = [Process(target=function, args=args) for function, args in work]
    for process in processes:
        process.start()
    end = time.monotonic() + deadline
    for process in processes:
        process.join(max(0, end - time.monotonic()))
    stop(processes, patience)
    return {name: process.exitcode for name, process in zip(names, processes, strict=True)}
