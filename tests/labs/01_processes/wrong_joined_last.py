"""Wrong: every process was joined: 2 of 3 processes were never joined"""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: SimpleQueue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = SimpleQueue()
    process = None
    for job in jobs:
        process = Process(target=work, args=(job, answers))
        process.start()
    done_by = dict(answers.get() for _ in jobs)
    if process:
        process.join()
    return done_by
