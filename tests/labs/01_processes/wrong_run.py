"""Wrong: every job was done in a process of its own: and start(), not run()"""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: SimpleQueue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = SimpleQueue()
    for job in jobs:
        Process(target=work, args=(job, answers)).run()
    return dict(answers.get() for _ in jobs)
