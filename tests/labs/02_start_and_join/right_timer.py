"""Right: a timer asks all to end when the time is over, a second one kills."""

import threading
from multiprocessing import Process


def in_time(seconds: float, processes: list[Process], how: str) -> threading.Timer:
    def stop() -> None:
        for process in processes:
            getattr(process, how)()

    timer = threading.Timer(seconds, stop)
    timer.start()
    return timer


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    processes = {
        name: Process(target=function, args=args) for name, (function, args) in jobs.items()
    }
    for process in processes.values():
        process.start()
    everyone = list(processes.values())
    timers = [
        in_time(deadline, everyone, "terminate"),
        in_time(deadline + patience, everyone, "kill"),
    ]
    for process in everyone:
        process.join()
    for timer in timers:
        timer.cancel()
        timer.join()
    return {name: process.exitcode for name, process in processes.items()}
