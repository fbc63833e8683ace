"""Wrong: every job was done in a process of its own: target=work, not target=work(job)"""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: SimpleQueue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = SimpleQueue()
    processes = [Process(target=work(job, answers)) for job in jobs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return dict(answers.get() for _ in jobs)
