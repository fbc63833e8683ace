"""Wrong: all the jobs ran at once, each in a process or later: Was the deadline over"""

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
    for process in processes.values():
        if process.is_alive():
            stop(process, patience)
    return {name: process.exitcode for name, process in processes.items()}
