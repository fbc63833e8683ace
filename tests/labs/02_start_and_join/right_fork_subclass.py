"""Right: a class of its own on fork, and active_children."""

import time
from multiprocessing import active_children, get_context

FORK = get_context("fork")


class Job(FORK.Process):
    def __init__(self, name: str, job: tuple) -> None:
        super().__init__(name=name)
        self.function, self.arguments = job

    def run(self) -> None:
        self.function(*self.arguments)


def still_running(jobs: list[Job], seconds: float) -> set[Job]:
    over = time.monotonic() + seconds
    while (left := set(jobs) & set(active_children())) and time.monotonic() < over:
        time.sleep(0.02)
    return left


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    running = [Job(name, job) for name, job in jobs.items()]
    for job in running:
        job.start()
    for job in still_running(running, deadline):
        job.terminate()
    for job in still_running(running, patience):
        job.kill()
        job.join()
    return {job.name: job.exitcode for job in running}
