"""Rare faults with queues that happen in every run, so that a check can judge an answer by them.

A queue can seem empty for a moment although something was put into it. That is rare by chance. The
bounded runner can make each child's first look at each Queue find it empty
(runner/injected/course_queues.py).
"""

from __future__ import annotations

import os
import queue
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import current_process, queues
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

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
def looks_that_found_nothing(answer: ModuleType) -> Iterator[list[int]]:
    """Yield a list that gets each line of the answer in which this process finds a queue empty.

    A line does so by empty(), or by a get() that does not wait, or not long enough.
    """
    lines: list[int] = []

    def note_line() -> None:
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and frame.f_code.co_filename != answer.__file__:
            frame = frame.f_back
        if frame is not None:
            lines.append(frame.f_lineno)

    def noting_empty(ask: Callable[[Any], bool]) -> Callable[[Any], bool]:
        def empty(self: object) -> bool:
            is_empty = ask(self)
            if is_empty:
                note_line()
            return is_empty

        return empty

    get = vars(queues.Queue)["get"]

    def noting_get(self: object, *args: object, **options: object) -> object:
        try:
            return get(self, *args, **options)
        except queue.Empty:
            note_line()
            raise

    kinds = (queues.Queue, queues.SimpleQueue)
    with ExitStack() as stack:
        for kind in kinds:
            stack.enter_context(replaced(kind, empty=noting_empty(vars(kind)["empty"])))
        stack.enter_context(replaced(queues.Queue, get=noting_get))
        yield lines


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
