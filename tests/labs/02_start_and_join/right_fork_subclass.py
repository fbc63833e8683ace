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

    def stop(self, patience: float) -> None:
        self.terminate()
        self.join(patience)
        self.kill()
        self.join()


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    running = [Job(name, job) for name, job in jobs.items()]
    for job in running:
        job.start()
    over = time.monotonic() + deadline
    while set(running) & set(active_children()):
        if time.monotonic() > over:
            break
        time.sleep(0.02)
    for job in running:
        if job.is_alive():
            job.stop(patience)
    return {job.name: job.exitcode for job in running}
