"""Wrong: every job was done in a process of its own: the id of the parent"""

import os
from multiprocessing import Process

from helpers.workers.lab_01 import do_job


def who_did_what(jobs: list[str]) -> dict[str, int]:
    processes = [Process(target=do_job, args=(job,)) for job in jobs]
    for process in processes:
        process.start()
    done_by = {job: os.getpid() for job in jobs}
    for process in processes:
        process.join()
    return done_by
