"""Wrong: every job was done in a process of its own: the ids do not belong to the jobs."""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: SimpleQueue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = SimpleQueue()
    processes = [Process(target=work, args=(job, answers)) for job in jobs]
    for process in processes:
        process.start()
    ids = [answers.get()[1] for _ in jobs]
    for process in processes:
        process.join()
    by_start = {process.pid: job for process, job in zip(processes, jobs, strict=True)}
    wrong = [*ids[1:], *ids[:1]]  # as they happen to come: here, never the right ones
    return {by_start[pid]: other for pid, other in zip(ids, wrong, strict=True)}
