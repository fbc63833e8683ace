"""What the workers of lesson 06's pools do: plain functions, found by name in every worker.

What all tasks of a worker need is handed to the pool's initializer, which keeps it in a global of
the worker's own process.
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

_kept: dict[str, Event] = {}  # of this process, put there by its initializer


def keep(gate: Event, started: Event) -> None:
    """Initializer: keep the gate at which tasks wait, and what they set when they have started."""
    _kept.update(gate=gate, started=started)


def hold_first(task: int) -> int:
    """The task, at once; but task 0 says that it has started and waits until the gate opens."""
    if task == 0:
        _kept["started"].set()
        _kept["gate"].wait()
    return task


def count_start(starts: Synchronized) -> None:
    """Initializer: count that one more worker has been started."""
    with starts.get_lock():
        starts.value += 1


def square(task: int) -> int:
    """The task times itself."""
    return task * task


def who(_: object) -> int:
    """The id of the process that does this task."""
    return os.getpid()


def fail_on_three(task: int) -> int:
    """The task; ValueError for 3."""
    if task == 3:
        raise ValueError("no result for 3")
    return task


def die_on_three(task: int) -> int:
    """The task; for 3 its whole process ends at once, as when it is killed or memory runs out."""
    if task == 3:
        os._exit(1)
    return task


def never_answer(_: object) -> None:
    """Say that it has started, then wait for what never comes."""
    _kept["started"].set()
    threading.Event().wait()


class BadInput(Exception):
    """An exception that arrives: all its arguments are in `args`, from which it is made anew."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(line, text)


class BadInputLost(Exception):
    """One that does not: it is made anew from `args`, which holds one thing, and needs two."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")


def read_badly(well_made: bool) -> None:
    """Raise one of the two exceptions above."""
    raise (BadInput if well_made else BadInputLost)(7, "not a number")


def pool_in_worker() -> tuple[int, int]:
    """The id of the worker that does this, and that of a worker in a pool of its own."""
    with multiprocessing.Pool(1) as pool:
        return os.getpid(), pool.apply(os.getpid)


class Counted:
    """A worker function that counts how often it is sent: once in each message, with its tasks.

    A function travels by its name, pickled anew for each message. In the other process there is
    then the function itself.
    """

    def __init__(self, worker: Callable) -> None:
        if not callable(worker):
            raise bad_type("worker", worker, "a function of one task", "Pass square, say.")
        self.worker = worker
        self.messages = 0

    def __call__(self, task: object) -> object:
        return self.worker(task)

    def __reduce__(self) -> tuple:
        self.messages += 1  # by one thread only: that which sends a pool's tasks
        return _itself, (self.worker,)


def settled(count: Callable[[], int], looks: int = 30) -> int:
    """What `count()` gives once it was the same in so many looks, a hundredth of a second apart.

    Looks are counted and not seconds: on a busy machine this process may stand still for long, and
    nothing in it gets on meanwhile.
    """
    whole_number("looks", looks, 1, 10_000, "Pass how often it must be the same, e.g. 30.")
    last, same = count(), 0
    while same < looks:
        time.sleep(0.01)
        now = count()
        same = same + 1 if now == last else 0
        last = now
    return last


def _itself(worker: Callable) -> Callable:
    return worker
