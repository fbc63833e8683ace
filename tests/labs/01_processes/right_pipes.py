"""Right: a pipe for each child, which ends by itself."""

from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection

from helpers.workers.lab_01 import do_job


def work(job: str, end: Connection) -> None:
    end.send(do_job(job))
    end.close()


def who_did_what(jobs: list[str]) -> dict[str, int]:
    ours, processes = {}, []
    for job in jobs:
        ours[job], theirs = Pipe(duplex=False)
        processes.append(Process(target=work, args=(job, theirs)))
        processes[-1].start()
        theirs.close()
    done_by = {job: end.recv() for job, end in ours.items()}
    for process in processes:
        process.join()
    return done_by
