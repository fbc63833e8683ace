"""Wrong: every job has an answer: the children ended before they did their jobs"""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job

answers = SimpleQueue()


def work(job: str) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    processes = [Process(target=work, args=(job)) for job in jobs]
    for process in processes:
        process.start()
    done_by = dict(answers.get() for _ in jobs)
    for process in processes:
        process.join()
    return done_by
