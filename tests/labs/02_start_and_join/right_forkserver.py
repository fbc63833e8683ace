"""Right: a forkserver context; asks all at once, then waits for all, then kills."""

import multiprocessing
import time

server = multiprocessing.get_context("forkserver")


def wait_for(processes: list, seconds: float) -> list:
    end = time.monotonic() + seconds
    for process in processes:
        process.join(max(0, end - time.monotonic()))
    return [process for process in processes if process.is_alive()]


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    names = list(jobs)
    processes = [server.Process(target=jobs[name][0], args=jobs[name][1]) for name in names]
    for process in processes:
        process.start()
    hanging = wait_for(processes, deadline)
    for process in hanging:
        process.terminate()
    stubborn = wait_for(hanging, patience)
    for process in stubborn:
        process.kill()
    for process in stubborn:
        process.join()
    return dict(zip(names, [process.exitcode for process in processes], strict=True))
