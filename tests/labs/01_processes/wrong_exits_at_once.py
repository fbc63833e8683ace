"""Wrong: every job has an answer: the children ended at once"""

import os
from multiprocessing import Process, Queue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: Queue) -> None:
    answers.put((job, do_job(job)))
    os._exit(0)


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = Queue()
    processes = [Process(target=work, args=(job, answers)) for job in jobs]
    for process in processes:
        process.start()
    done_by = dict(answers.get() for _ in jobs)
    for process in processes:
        process.join()
    return done_by
