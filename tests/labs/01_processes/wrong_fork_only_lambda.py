"""Wrong: every job has an answer: the code ended early: a function without a name"""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = SimpleQueue()
    processes = [
        Process(target=lambda job: answers.put((job, do_job(job))), args=(job,)) for job in jobs
    ]
    for process in processes:
        process.start()
    done_by = dict(answers.get() for _ in jobs)
    for process in processes:
        process.join()
    return done_by
