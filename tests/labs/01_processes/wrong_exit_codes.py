"""Wrong: every job was done in a process of its own: 0 is not the process id of a child"""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: SimpleQueue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = SimpleQueue()
    processes = {job: Process(target=work, args=(job, answers)) for job in jobs}
    for process in processes.values():
        process.start()
    for process in processes.values():
        process.join()
    return {job: process.exitcode for job, process in processes.items()}
