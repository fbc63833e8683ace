"""The jobs of lab 02: each ends in a different way, and some never end by themselves.

Each job first calls `do_job`, which reports to a check. So the check knows that the job runs, and
which jobs ran at the same time.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from types import FrameType

from helpers.workers.lab_01 import do_job

# Seconds. Long enough that a check can tell a parent that waits from one that kills at once.
_TIDYING = 0.25


def work(job: str, code: int = 0) -> None:
    """Do the job and end with that exit code."""
    do_job(job)
    if code:
        sys.exit(code)


def fail(job: str) -> None:
    """Raise a ValueError that nothing catches."""
    do_job(job)
    raise ValueError(f"the job {job!r} failed on purpose")


def crash(job: str) -> None:
    """Kill this process, as the system does when memory runs out; in a main process, only raise."""
    do_job(job)
    if multiprocessing.parent_process() is None:
        raise RuntimeError("this would have killed your program: start a process for it")
    # Windows has no SIGKILL. There os.kill ends the process at once for SIGTERM too.
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def hang(job: str) -> None:
    """Wait forever."""
    do_job(job)
    threading.Event().wait()


def refuse_to_end(job: str) -> None:
    """Wait forever and ignore SIGTERM (on POSIX, what `terminate()` sends)."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hang(job)


def tidy_up(job: str, code: int = 7) -> None:
    """Wait forever, but on SIGTERM clean up and end with that exit code."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(code)

    signal.signal(signal.SIGTERM, leave)
    try:
        hang(job)
    finally:
        time.sleep(_TIDYING)  # stands for writing and closing a file
