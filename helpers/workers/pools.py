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

from helpers.validation import bad_type, whole_number

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized
    from multiprocessing.synchronize import Event

_events: dict[str, Event] = {}  # filled in each worker by `keep`, the pool's initializer


def keep(gate: Event, started: Event) -> None:
    """Store the two events for this worker's tasks, as the initializer of a pool."""
    _events.update(gate=gate, started=started)


def hold_first(task: int) -> int:
    """Return the task. Task 0 first sets `started` and waits until the gate opens."""
    if task == 0:
        _events["started"].set()
        _events["gate"].wait()
    return task


def count_start(starts: Synchronized[int]) -> None:
    """Add 1 to the number of started workers, as the initializer of a pool."""
    with starts.get_lock():
        starts.value += 1


def square(task: int) -> int:
    """Return the task times itself."""
    return task * task


def who(_: object) -> int:
    """Return the id of the process that does this task."""
    return os.getpid()


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


def never_answer(_: object) -> None:
    """Set `started`, then wait forever."""
    _events["started"].set()
    threading.Event().wait()


class BadInput(Exception):
    """An exception that can be unpickled: pickle rebuilds it from `args`, which holds both."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(line, text)


class BadInputLost(Exception):
    """An exception that can't be unpickled: its `args` holds one value, and __init__ needs two."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")


def read_badly(well_made: bool) -> None:
    """Raise BadInput if `well_made`, else BadInputLost."""
    raise (BadInput if well_made else BadInputLost)(7, "not a number")


def pool_in_worker() -> tuple[int, int]:
    """Return the ids of this worker and of a worker in a pool that this worker starts."""
    with multiprocessing.Pool(1) as pool:
        return os.getpid(), pool.apply(os.getpid)


class Counted:
    """A worker function that counts in how many messages it is sent.

    A pool pickles the function once for each message, with the tasks of that message. So __reduce__
    runs once for each message. The other process gets the plain function.
    """

    def __init__(self, worker: Callable) -> None:
        if not callable(worker):
            raise bad_type("worker", worker, "a function of one task", "Pass square, say.")
        self.worker = worker
        self.messages = 0

    def __call__(self, task: object) -> object:
        return self.worker(task)

    def __reduce__(self) -> tuple[Callable, tuple[Callable]]:
        self.messages += 1  # needs no lock: only the pool's thread that sends tasks pickles
        return _same_function, (self.worker,)


def settled(count: Callable[[], int], looks: int = 30) -> int:
    """Return `count()` once it has been the same `looks` times in a row, 0.01 seconds apart.

    It counts looks and not seconds: on a busy machine the system can stop this process for long,
    and then time passes in which nothing in it could change the count.
    """
    whole_number("looks", looks, 1, 10_000, "Pass how often it must be the same, e.g. 30.")
    last, same = count(), 0
    while same < looks:
        time.sleep(0.01)
        now = count()
        same = same + 1 if now == last else 0
        last = now
    return last


def _same_function(worker: Callable) -> Callable:
    """Return the argument: unpickling a Counted calls this and so gives the plain function."""
    return worker
