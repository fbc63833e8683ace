"""Wrong: all the processes were alive together: join() right after start()"""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: SimpleQueue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = SimpleQueue()
    for job in jobs:
        process = Process(target=work, args=(job, answers))
        process.start()
        process.join()
    return dict(answers.get() for _ in jobs)
