"""Wrong: every job has an answer: no process was started, and who_did_what still waits"""

import time
from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: SimpleQueue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = SimpleQueue()
    for job in jobs:
        Process(target=work, args=(job, answers))
    done_by: dict[str, int] = {}
    while len(done_by) < len(jobs):
        if answers.empty():
            time.sleep(0.1)
        else:
            job, pid = answers.get()
            done_by[job] = pid
    return done_by
