"""Wrong: every job has an answer: each process has its own memory"""

from multiprocessing import Process

from helpers.workers.lab_01 import do_job

done_by = {}


def work(job: str) -> None:
    done_by[job] = do_job(job)


def who_did_what(jobs: list[str]) -> dict[str, int]:
    processes = [Process(target=work, args=(job,)) for job in jobs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return done_by
