"""Wrong: every job was done in a process of its own: threads of the parent did the work"""

from multiprocessing import SimpleQueue
from threading import Thread

from helpers.workers.lab_01 import do_job


def work(job: str, answers: SimpleQueue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = SimpleQueue()
    threads = [Thread(target=work, args=(job, answers)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(answers.get() for _ in jobs)
