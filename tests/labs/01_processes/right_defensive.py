"""Right: looks after everything that can go wrong; each child is closed."""

from __future__ import annotations

import queue
from multiprocessing import Process, Queue, current_process

from helpers.workers.lab_01 import do_job


def work(job: str, answers: Queue) -> None:
    """Put (job, process id, error)."""
    try:
        answers.put((job, do_job(job), None))
    except Exception as error:
        answers.put((job, current_process().pid, repr(error)))
        raise


def who_did_what(jobs: list[str]) -> dict[str, int]:
    if not isinstance(jobs, list):
        raise TypeError("jobs must be a list")
    answers: Queue = Queue()
    processes: list[Process] = []
    done_by: dict[str, int] = {}
    try:
        for job in jobs:
            process = Process(target=work, kwargs={"job": job, "answers": answers}, name=job)
            process.start()
            processes.append(process)
        while len(done_by) < len(jobs):
            try:
                job, pid, error = answers.get(timeout=0.5)
            except queue.Empty:
                if not any(process.is_alive() for process in processes):
                    raise RuntimeError("a process ended without an answer") from None
                continue
            if error is not None:
                raise RuntimeError(f"{job}: {error}")
            done_by[job] = pid
    finally:
        for process in processes:
            process.join(10)
            if process.is_alive():
                process.kill()
                process.join()
        answers.close()
        answers.join_thread()
    for process in processes:
        process.close()
    return done_by
