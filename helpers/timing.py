"""What runs beside the work, in the worker's own process or thread: start together, note the time.

Small, because every child process imports it. `time.perf_counter` is system-wide, so that times
taken in different processes can be laid on one line:
https://docs.python.org/3/library/time.html#time.perf_counter
"""

from __future__ import annotations

import os
import signal
import threading
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import perf_counter, thread_time

STAMPS = 3  # numbers a task: start, end, CPU seconds
START_LIMIT = 120  # seconds in which all workers must stand; a loaded machine starts slowly


class TaskFailed(Exception):
    """A worker raised: (number of the task in its chunk, what it said). Plain, so it travels."""


def arrive(barrier: threading.Barrier) -> None:
    """Initializer of a thread: returns when all of the pool are here, or will not come."""
    with suppress(threading.BrokenBarrierError):
        barrier.wait(START_LIMIT)


def arrive_in_process(barrier: threading.Barrier, worker: object) -> None:
    """Initializer of a process: returns when all of the pool have come this far.

    To be given the worker is enough: its module is imported then, before any clock runs.
    The process never outlives the one that started it. An interrupt from the keyboard, which
    reaches all processes at once, is left to that one: it knows what to do then.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from helpers import process_control  # a thread needs nothing of it

    process_control.end_with_parent()
    barrier.wait(START_LIMIT)


def arrive_by_queues(here: object, go: object, worker: object) -> None:
    """As `arrive_in_process`, for interpreters, which can share queues but no barrier."""
    here.put(None)
    go.get(timeout=START_LIMIT)


def ready() -> None:
    """The task that a new worker gets first, so that an executor which starts workers on demand
    starts them all."""


def timed_chunk(
    worker: Callable, chunk: Sequence, given_up: threading.Event | None = None
) -> tuple[int, int, bytes, list]:
    """Results of `worker` for each task of `chunk`, with where and when it worked.

    Returns (process id, thread id, three doubles a task as bytes, results). Bytes, because they
    pickle some ten times faster than objects do. Raises TaskFailed if the worker raises; when
    `given_up` is set, it does no more tasks.
    """
    stamps, results = array("d"), []
    cpu = thread_time()  # read once a task: for an empty one, the reading is half of the time
    for task in chunk:
        if given_up is not None and given_up.is_set():
            break
        start = perf_counter()
        try:
            result = worker(task)
        except (Exception, SystemExit) as error:
            raise TaskFailed(len(results), _in_words(error)) from error
        end, used = perf_counter(), thread_time()
        stamps.extend((start, end, used - cpu))
        results.append(result)
        cpu = used
    return os.getpid(), threading.get_ident(), stamps.tobytes(), results


def _in_words(error: BaseException) -> str:
    """The last lines of its traceback: the type and what it says."""
    from traceback import format_exception_only  # seldom needed

    return "".join(format_exception_only(error)).strip()
