"""Right: a fork context and a nested function, which fork can start."""

from multiprocessing import get_context

from helpers.workers.lab_01 import do_job

fork = get_context("fork")


def who_did_what(jobs: list[str]) -> dict[str, int]:
    answers = fork.Queue()

    def work(job: str) -> None:
        answers.put((job, do_job(job)))

    processes = [fork.Process(target=work, args=(job,), name=job) for job in jobs]
    for process in processes:
        process.start()
    done_by = {}
    while len(done_by) < len(jobs):
        job, pid = answers.get()
        done_by[job] = pid
    for process in processes:
        process.join()
    return done_by
