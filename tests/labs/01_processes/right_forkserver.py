"""Right: a forkserver context, a manager's dict, joined before it is read."""

import multiprocessing

from helpers.workers.lab_01 import do_job


def work(job: str, done_by: dict) -> None:
    done_by[job] = do_job(job)


def who_did_what(jobs: list[str]) -> dict[str, int]:
    if not jobs:
        return {}
    context = multiprocessing.get_context("forkserver")
    with context.Manager() as manager:
        done_by = manager.dict()
        processes = [context.Process(target=work, args=(job, done_by)) for job in jobs]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        return dict(done_by)
