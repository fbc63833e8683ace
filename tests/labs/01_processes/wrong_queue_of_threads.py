"""Wrong: every job has an answer: line 2

Forked children put into queues of their own; to others this queue can't even be given.
"""

from multiprocessing import Process
from queue import Queue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: Queue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = Queue()
    processes = [Process(target=work, args=(job, answers)) for job in jobs]
    for process in processes:
        process.start()
    done_by = dict(answers.get() for _ in jobs)
    for process in processes:
        process.join()
    return done_by
