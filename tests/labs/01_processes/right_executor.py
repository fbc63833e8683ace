"""Right: an executor with a worker for each job."""

from concurrent.futures import ProcessPoolExecutor

from helpers.workers.lab_01 import do_job


def who_did_what(jobs: list[str]) -> dict[str, int]:
    if not jobs:
        return {}
    with ProcessPoolExecutor(len(jobs)) as pool:
        return dict(zip(jobs, pool.map(do_job, jobs), strict=True))
