"""What the workers of lesson 06's pools run.

A pool sends a function by its name, and each worker imports the function from this module. What all
tasks need goes to the pool's initializer, which stores it in a global of the worker's process.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.queues import Queue
    from multiprocessing.sharedctypes import Synchronized
    from multiprocessing.synchronize import Event

_kept: dict[str, Event] = {}  # filled in each worker by `keep`, the pool's initializer


def square_until_none(tasks: Queue, results: Queue) -> None:
    """Get numbers until None comes. For each one, put it, its square and this process's id."""
    while True:
        task = tasks.get()
        if task is None:
            break
        results.put((task, task * task, os.getpid()))


def square(task: int) -> int:
    """Return the task times itself."""
    return task * task


def own_id(_: object) -> int:
    """Return the id of the process that does this task."""
    return os.getpid()


def count_start(starts: Synchronized[int]) -> None:
    """Add 1 to the number of started workers, as the initializer of a pool."""
    with starts.get_lock():
        starts.value += 1


def keep(gate: Event, started: Event) -> None:
    """Store the two events for this worker's tasks, as the initializer of a pool."""
    _kept["gate"] = gate
    _kept["started"] = started


def hold_first(task: int) -> int:
    """Return the task. Task 0 first sets `started` and waits until the gate opens."""
    if task == 0:
        _kept["started"].set()
        _kept["gate"].wait()
    return task


def never_answer(_: object) -> None:
    """Set `started`, then wait forever."""
    _kept["started"].set()
    threading.Event().wait()


def nap(task: int) -> int:
    """Sleep for 0.2 seconds and return the task."""
    time.sleep(0.2)
    return task


def fail_on_three(task: int) -> int:
    """Return the task. Raise ValueError for 3."""
    if task == 3:
        raise ValueError("no result for 3")
    return task


def die_on_three(task: int) -> int:
    """Return the task. For 3, end this process at once, as a crash or a kill would."""
    if task == 3:
        os._exit(1)
    return task


class BadInput(Exception):
    """An exception that can be unpickled: pickle rebuilds it from `args`, which holds both."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(line, text)


class BadInputLost(Exception):
    """An exception that can't be unpickled: its `args` holds one value, and __init__ needs two."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")


def raise_well_made(_: object) -> None:
    """Raise the exception that can be unpickled."""
    raise BadInput(7, "not a number")


def raise_badly_made(_: object) -> None:
    """Raise the exception that can't be unpickled."""
    raise BadInputLost(7, "not a number")


def pool_in_worker() -> tuple[int, int]:
    """Return the ids of this worker and of a worker in a pool that this worker starts."""
    with multiprocessing.Pool(1) as pool:
        return os.getpid(), pool.apply(os.getpid)


class Counted:
    """A worker function that counts how often it is pickled.

    A pool pickles the function once for each message, together with the tasks of that message.
    """

    def __init__(self, worker: Callable) -> None:
        self.worker = worker
        self.messages = 0

    def __call__(self, task: object) -> object:
        return self.worker(task)

    def __getstate__(self) -> dict:  # pickle calls this each time it pickles the object
        self.messages += 1
        return {"worker": self.worker}


def settled(count: Callable[[], int], looks: int = 30) -> int:
    """Return `count()` once it has been the same `looks` times in a row, 0.01 seconds apart.

    It counts looks and not seconds: on a busy machine the system can stop this process for long,
    and then time passes in which nothing in it could change the count.
    """
    last, same = count(), 0
    while same < looks:
        time.sleep(0.01)
        now = count()
        same = same + 1 if now == last else 0
        last = now
    return last
