"""Right: a thread for each process starts it, waits for it and stops it."""

import threading
from multiprocessing import Process


class Guard(threading.Thread):
    def __init__(self, job: tuple, deadline: float, patience: float) -> None:
        super().__init__()
        self.process = Process(target=job[0], args=job[1])
        self.deadline, self.patience = deadline, patience

    def run(self) -> None:
        self.process.start()
        self.process.join(self.deadline)
        if self.process.exitcode is None:
            self.process.terminate()
            self.process.join(self.patience)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    guards = {name: Guard(job, deadline, patience) for name, job in jobs.items()}
    for guard in guards.values():
        guard.start()
    for guard in guards.values():
        guard.join()
    return {name: guard.process.exitcode for name, guard in guards.items()}
