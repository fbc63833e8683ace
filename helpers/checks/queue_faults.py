"""What goes wrong with queues, made sure of: a look that comes too early, a queue of threads.

That a queue only seems empty is rare if it is left to chance. In the bounded runner each child's
first look at each Queue is such a one (helpers/runner/injected/course_queues.py).
"""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import current_process
from multiprocessing.process import BaseProcess
from pathlib import Path

from helpers.runner.events import read_notes

FIRST_LOOK = "course_first_look"  # known to injected/course_queues.py too


@contextmanager
def first_look_too_early() -> Iterator[None]:
    """Inside it, a child that looks at a Queue for the first time sees nothing there yet."""
    config = current_process()._config  # handed from each process to its children
    config[FIRST_LOOK] = True
    try:
        yield
    finally:
        config.pop(FIRST_LOOK, None)


def who_looked() -> str:
    """The line in which a child looked at a queue too early, in words; "" if none did."""
    folder = os.environ.get("COURSE_RUN_NOTES")
    notes = read_notes(Path(folder)) if folder else []
    lines = [note["line"] for note in notes if note["what"] == "looked too early"]
    return (
        f"line {lines[0]} asks whether a queue is empty, and it was, for a moment" if lines else ""
    )


@contextmanager
def no_queue_of_threads() -> Iterator[None]:
    """Inside it, a process that is given a queue of the module queue is refused at its start.

    A forked child would get a copy, and wait for ever; any other start says something of pickling.
    """
    start = BaseProcess.start

    def checked_start(process: BaseProcess) -> None:
        given = [*process._args, *process._kwargs.values(), *vars(process).values()]
        if any(isinstance(one, queue.Queue) for one in given):
            raise TypeError("queue.Queue is for threads, a child has a copy: multiprocessing.Queue")
        start(process)

    BaseProcess.start = checked_start
    try:
        yield
    finally:
        BaseProcess.start = start
