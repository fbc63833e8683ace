"""Wrong: every job has an answer: no process was started, and who_did_what still waits"""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: SimpleQueue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = SimpleQueue()
    processes = [Process(target=work, args=(job, answers)) for job in jobs]
    done_by = dict(answers.get() for _ in jobs)
    for process in processes:
        process.join()
    return done_by
