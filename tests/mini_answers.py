"""Short answers of many kinds to one task, for the tests of what judges them: do every job.

Here, so that every child finds them. Run as a program, `mini_answers.py executor` (or `pool`) has a
worker killed; `mini_answers.py racing` (or `locked`) has two children add to one number.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import Queue, get_context
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized

from helpers.checks.races import forced_interleaving, no_race
from helpers.checks.results import error_arrives
from helpers.rendezvous.meeting import JobError, Meeting
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


def nobody_works(jobs: list[str]) -> None:
    """Forget what was to be done."""


def executor(jobs: list[str]) -> list[int]:
    """The ids in the order of the jobs."""
    with ProcessPoolExecutor(len(jobs), SPAWN) as pool:
        return list(pool.map(do_job, jobs))


def wrapped(jobs: list[str]) -> list[int]:
    """As `executor`, with an error of its own that has the other one for its cause."""
    try:
        return executor(jobs)
    except JobError as error:
        raise RuntimeError("something went wrong") from error


def swallowed(jobs: list[str]) -> None:
    """Nobody looks how the processes ended."""
    _all([SPAWN.Process(target=quietly, args=(job,)) for job in jobs])


def quietly(job: str) -> None:
    try:
        do_job(job)
    except JobError:
        sys.exit(1)


def by_arrival(jobs: list[str]) -> list[int]:
    """The ids in the order in which they come, which need not be that of the jobs."""
    with ProcessPoolExecutor(len(jobs), SPAWN) as pool:
        return [future.result() for future in as_completed([pool.submit(do_job, j) for j in jobs])]


def at_the_start(data: bytes) -> None:
    """Send the data as an argument."""
    _all([SPAWN.Process(target=len, args=(data,))])


def through_a_queue(data: bytes) -> None:
    """Send the data by a queue's own thread."""
    queue = SPAWN.Queue()
    child = SPAWN.Process(target=take, args=(queue,))
    child.start()
    queue.put(data)
    child.join()
    queue.close()
    queue.join_thread()


def take(queue: Queue) -> None:
    queue.get()


def through_a_pipe(data: bytes) -> None:
    """Send the data by a pipe."""
    mine, theirs = SPAWN.Pipe()
    child = SPAWN.Process(target=receive, args=(theirs,))
    child.start()
    mine.send(data)
    child.join()
    mine.close()
    theirs.close()


def receive(end: Connection) -> None:
    end.recv()


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
    """Takes the lock unless another has it, a while after it was asked for."""
    lock.acquire(timeout=0.05)


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
            print(error_arrives(lambda: executor(JOBS), Exception, "terminated abruptly"))
    elif what == "pool":
        with _one_is_killed(), SPAWN.Pool(len(JOBS)) as pool:
            pool.map(do_job, JOBS, chunksize=1)
    else:
        total = SPAWN.Value("i", 0)
        with forced_interleaving(), Meeting(2, 30, in_turns=True):
            target = {"racing": add, "locked": add_locked}[what]
            made = [(target, job, total) for job in JOBS[:2]]
            _all([SPAWN.Process(target=after_a_job, args=args) for args in made])
        print(no_race("Hold one lock."))


if __name__ == "__main__":
    _run(sys.argv[1])
