"""Wrong: all the processes were alive together: each was started only after the one before"""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: SimpleQueue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers, done_by, processes = SimpleQueue(), {}, []
    for job in jobs:
        process = Process(target=work, args=(job, answers))
        process.start()
        processes.append(process)
        name, pid = answers.get()
        done_by[name] = pid
    for process in processes:
        process.join()
    return done_by
