"""Wrong: every job was done in a process of its own: expected 3 calls of do_job, saw 0."""

import os
from multiprocessing import Process, SimpleQueue


def work(job: str, answers: SimpleQueue) -> None:
    answers.put((job, os.getpid()))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = SimpleQueue()
    processes = [Process(target=work, args=(job, answers)) for job in jobs]
    for process in processes:
        process.start()
    done_by = dict(answers.get() for _ in jobs)
    for process in processes:
        process.join()
    return done_by
