"""Wrong: every job has an answer: finds a queue empty before all answers have come"""

import queue
from multiprocessing import Process, Queue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: Queue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = Queue()
    processes = [Process(target=work, args=(job, answers)) for job in jobs]
    for process in processes:
        process.start()
    done_by = {}
    try:
        while True:
            job, pid = answers.get_nowait()
            done_by[job] = pid
    except queue.Empty:
        pass
    for process in processes:
        process.join()
    return done_by
