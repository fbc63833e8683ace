"""What the child processes of lesson 02 run: they end in different ways, or never.

The annotations name the types of multiprocessing.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.queues import Queue, SimpleQueue
    from multiprocessing.sharedctypes import Synchronized
    from multiprocessing.synchronize import Barrier, Event, Lock


def write_42(box: Synchronized[int]) -> None:
    """Store 42 in the shared value."""
    box.value = 42


def sleep_a_while(name: str, spans: SimpleQueue) -> None:
    """Sleep for 0.3 seconds, then put (name, start, end)."""
    start = time.perf_counter()
    time.sleep(0.3)
    spans.put((name, start, time.perf_counter()))


def meet(barrier: Barrier, answers: SimpleQueue) -> None:
    """Wait at the barrier for at most a second; put whether it has opened."""
    try:
        barrier.wait(timeout=1)
        answers.put(True)
    except threading.BrokenBarrierError:
        answers.put(False)


def end(how: str) -> int:
    """End this process in the way that `how` names."""
    if how == "raise ValueError":
        raise ValueError("half of the results are missing")
    if how == "sys.exit(3)":
        sys.exit(3)
    if how == "sys.exit('bad input')":
        sys.exit("bad input")
    if how == "os._exit(7)":
        os._exit(7)  # end at once, as after a crash in C code
    return 4  # the usual end


def never_end(started: Event) -> None:
    """Set `started`, then sleep for hours."""
    started.set()
    time.sleep(10_000)


def ignore_sigterm(started: Event) -> None:
    """Ignore SIGTERM, then do the same as `never_end`."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    never_end(started)


def tidy_up(started: Event, please_end: Event, notes: SimpleQueue) -> None:
    """Wait until asked to end, and put a note on the way out."""
    atexit.register(notes.put, "an exit handler ran")
    try:
        started.set()
        please_end.wait()
    finally:
        notes.put("finally ran")


def tidy_up_on_sigterm(started: Event, please_end: Event, notes: SimpleQueue) -> None:
    """Do the same as `tidy_up`, but raise SystemExit when SIGTERM comes."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)  # the exit code that shells use for a signal

    signal.signal(signal.SIGTERM, leave)
    tidy_up(started, please_end, notes)


def hold_lock(lock: Lock, started: Event) -> None:
    """Take the lock, and keep it for hours."""
    with lock:
        never_end(started)


def take_one(started: Event, tasks: Queue) -> None:
    """Set `started`, then wait for a task."""
    started.set()
    tasks.get()
