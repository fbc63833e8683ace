"""What the jobs of lab 02 do: each ends in another way, and some do not end.

Every one reports by `do_job` first. So a check knows that it runs, and that it ran beside others.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time

from helpers.workers.lab_01 import do_job

_TIDYING = 0.25  # seconds; so who is killed right after it was asked to end is seen to be


def work(job: str, code: int = 0) -> None:
    """Do the job, and end with that exit code."""
    do_job(job)
    if code:
        sys.exit(code)


def fail(job: str) -> None:
    """Raise what nobody catches."""
    do_job(job)
    raise ValueError(f"the job {job!r} failed on purpose")


def crash(job: str) -> None:
    """Be killed, as by the system when memory is short; in a main process, only raise."""
    do_job(job)
    if multiprocessing.parent_process() is None:
        raise RuntimeError("this would have killed your program: start a process for it")
    # Windows has no SIGKILL: there os.kill ends the process at once, whatever the number.
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def hang(job: str) -> None:
    """Never end by itself."""
    do_job(job)
    threading.Event().wait()


def refuse_to_end(job: str) -> None:
    """As `hang`, and take no notice of `terminate()`."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hang(job)


def tidy_up(job: str, code: int = 7) -> None:
    """As `hang`, but when asked to end, put things in order and end with that exit code."""

    def when_asked(number: int, frame: object) -> None:
        time.sleep(_TIDYING)  # stands for a file that is written and closed
        sys.exit(code)

    signal.signal(signal.SIGTERM, when_asked)
    hang(job)
