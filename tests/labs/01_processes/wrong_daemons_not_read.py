"""Wrong: every job has an answer: no answer for"""

import queue
from multiprocessing import Process, Queue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: Queue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = Queue()
    processes = [Process(target=work, args=(job, answers), daemon=True) for job in jobs]
    for process in processes:
        process.start()
    done_by = {}
    while not answers.empty():
        try:
            job, pid = answers.get_nowait()
        except queue.Empty:
            break
        done_by[job] = pid
    return done_by
