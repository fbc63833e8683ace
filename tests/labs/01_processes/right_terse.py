"""Right: as few lines as can be."""

from multiprocessing import Process

from helpers.workers.lab_01 import do_job


def who_did_what(jobs: list[str]) -> dict[str, int]:
    ps = {j: Process(target=do_job, args=(j,)) for j in jobs}
    [p.start() for p in ps.values()]
    [p.join() for p in ps.values()]
    return {j: p.pid for j, p in ps.items()}
