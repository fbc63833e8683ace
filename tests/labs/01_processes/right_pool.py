"""Right: a pool with a worker for each job, closed and joined."""

from multiprocessing import Pool

from helpers.workers.lab_01 import do_job


def who_did_what(jobs: list[str]) -> dict[str, int]:
    if not jobs:
        return {}
    pool = Pool(len(jobs))
    done_by = dict(zip(jobs, pool.map(do_job, jobs, chunksize=1), strict=True))
    pool.close()
    pool.join()
    return done_by
