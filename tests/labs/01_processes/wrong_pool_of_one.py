"""Wrong: every job was done in a process of its own: one process did all 3 jobs"""

from concurrent.futures import ProcessPoolExecutor

from helpers.workers.lab_01 import do_job


def who_did_what(jobs: list[str]) -> dict[str, int]:
    with ProcessPoolExecutor(1) as pool:
        return dict(zip(jobs, pool.map(do_job, jobs), strict=True))
