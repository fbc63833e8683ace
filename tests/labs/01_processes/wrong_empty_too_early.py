"""Wrong: every job has an answer: finds a queue empty before all answers have come"""

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
    while not answers.empty():
        job, pid = answers.get()
        done_by[job] = pid
    for process in processes:
        process.join()
    return done_by
