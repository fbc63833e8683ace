"""Short answers of many kinds to one task, for the tests of what judges them: do every job.

They are in a module so that every child can import them. As a program, `mini_answers.py executor`
(or `pool`) has a worker killed, and in `mini_answers.py racing` (or `locked`) two children add to
one number.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized

from helpers.checks.races import no_race
from helpers.rendezvous import stepping
from helpers.rendezvous.meeting import Meeting, report
from helpers.workers.lab_01 import do_job

SPAWN = get_context("spawn")
JOBS = ["sort", "count", "paint"]


def serial(jobs: list[str]) -> list[int]:
    return [do_job(job) for job in jobs]


def in_threads(jobs: list[str]) -> None:
    _all([threading.Thread(target=do_job, args=(job,)) for job in jobs])


def start_join_start_join(jobs: list[str]) -> None:
    for job in jobs:
        _all([SPAWN.Process(target=do_job, args=(job,))])


def all_together(jobs: list[str]) -> None:
    _all([SPAWN.Process(target=do_job, args=(job,)) for job in jobs])


def pool_of_one(jobs: list[str]) -> list[int]:
    with ProcessPoolExecutor(1, SPAWN) as pool:
        return list(pool.map(do_job, jobs))


def threads_in_a_child(jobs: list[str]) -> None:
    _all([SPAWN.Process(target=in_threads, args=(jobs,))])


def no_job_done(jobs: list[str]) -> None:
    """Forget what was to be done."""


def executor(jobs: list[str]) -> list[int]:
    """Return the ids in the order of the jobs."""
    with ProcessPoolExecutor(len(jobs), SPAWN) as pool:
        return list(pool.map(do_job, jobs))


def by_arrival(jobs: list[str]) -> list[int]:
    """Return the ids in the order in which they arrive, which may differ from that of the jobs."""
    with ProcessPoolExecutor(len(jobs), SPAWN) as pool:
        return [future.result() for future in as_completed([pool.submit(do_job, j) for j in jobs])]


def add(total: Synchronized) -> None:
    total.value += 1


def add_locked(total: Synchronized) -> None:
    with total.get_lock():
        total.value += 1


def add_to_raw(total: object, lock: object) -> None:
    total.value += 1


def add_to_raw_locked(total: object, lock: object) -> None:
    with lock:
        total.value += 1


def add_with_own_lock(total: Synchronized) -> None:
    with SPAWN.Lock():
        total.value += 1


def lock_for_the_read(total: Synchronized) -> None:
    with total.get_lock():
        before = total.value + 1
    total.value = before


def after_a_job(function: Callable, job: str, *args: object) -> None:
    """Do the job, so that all meet, and then call the function."""
    do_job(job)
    function(*args)


def never_releases(lock: object) -> None:
    """Take the lock if no other process holds it, after waiting for it for a short time."""
    lock.acquire(timeout=0.05)


def turns_taken(reports: bool) -> int:
    """Return 1 if this process takes turns at a meeting, else 0; report to it first if asked."""
    if reports:
        report(JOBS[0])
    return len(stepping._steppers)


def _all(workers: list) -> None:
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


@contextmanager
def _one_is_killed() -> Iterator[None]:
    with Meeting(len(JOBS), 30, {"count": "is killed"}):
        yield


def _run(what: str) -> None:
    if what == "executor":
        with _one_is_killed():
            try:
                executor(JOBS)
            except BrokenProcessPool as error:
                print(type(error).__name__)
    elif what == "pool":
        with _one_is_killed(), SPAWN.Pool(len(JOBS)) as pool:
            pool.map(do_job, JOBS, chunksize=1)
    else:
        total = SPAWN.Value("i", 0)
        with Meeting(2, 30, in_turns=True):
            target = {"racing": add, "locked": add_locked}[what]
            made = [(target, job, total) for job in JOBS[:2]]
            _all([SPAWN.Process(target=after_a_job, args=args) for args in made])
        print(no_race("Hold one lock."))


if __name__ == "__main__":
    _run(sys.argv[1])
