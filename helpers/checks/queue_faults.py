"""Rare faults with queues that happen in every run, so that a check can judge an answer by them.

A queue can seem empty for a moment although something was put into it. That is rare by chance. The
bounded runner can make each child's first look at each Queue find it empty
(runner/injected/course_queues.py).
"""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import current_process
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from pathlib import Path

from helpers.checks.patching import replaced
from helpers.runner.events import read_notes

FIRST_LOOK = "course_first_look"  # runner/injected/course_queues.py has the same key


@contextmanager
def first_look_too_early() -> Iterator[None]:
    """Make each child's first look at a Queue find it empty, for children started inside."""
    config = vars(current_process())["_config"]  # each process hands it on to its children
    config[FIRST_LOOK] = True
    try:
        yield
    finally:
        config.pop(FIRST_LOOK, None)


def line_that_looked() -> str:
    """Return, in words, the line in which a child looked at a queue too early; "" if none did."""
    folder = os.environ.get("COURSE_RUN_NOTES")
    notes = read_notes(Path(folder)) if folder else []
    lines = [note["line"] for note in notes if note["what"] == "looked too early"]
    return (
        f"line {lines[0]} asks whether a queue is empty, and it was, for a moment" if lines else ""
    )


@contextmanager
def no_queue_of_threads() -> Iterator[None]:
    """Refuse, inside the `with`, to start a process that is given a queue of the module queue.

    The start raises TypeError. Without this, a forked child would get a copy of the queue and wait
    forever, and the other start methods would raise an error about pickling.
    """
    start = vars(BaseProcess)["start"]

    def checked_start(process: BaseProcess) -> None:
        attributes = vars(process)
        given = [*attributes["_args"], *attributes["_kwargs"].values(), *attributes.values()]
        if any(isinstance(one, queue.Queue) for one in given):
            raise TypeError("queue.Queue is for threads, a child has a copy: multiprocessing.Queue")
        start(process)

    with replaced(BaseProcess, start=checked_start):
        yield


@contextmanager
def late_reader(seconds: float) -> Iterator[None]:
    """Make this process `seconds` late when it gets the first item of a Queue.

    If that item is larger than a pipe, its feeder thread can't go on meanwhile, so what was put
    after it is pickled late.
    """
    get, reader = vars(Queue)["get"], os.getpid()
    begun: set[Queue] = set()

    def late_get(self: Queue, block: bool = True, timeout: float | None = None) -> object:
        is_first = self not in begun and os.getpid() == reader  # a forked child has this, too
        if is_first and vars(self)["_reader"].poll(timeout if block else 0):  # it begins to arrive
            begun.add(self)
            time.sleep(seconds)
        return get(self, block, timeout)

    with replaced(Queue, get=late_get):
        yield
