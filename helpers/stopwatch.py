"""What runs beside the work, in the worker's own process or thread: start together, note the time.

Small, because every child process imports it. `time.perf_counter` is system-wide, so that times
taken in different processes can be laid on one line:
https://docs.python.org/3/library/time.html#time.perf_counter
"""

from __future__ import annotations

import os
import threading
from array import array
from collections.abc import Callable, Sequence
from time import perf_counter, thread_time

STAMPS = 3  # numbers a task: start, end, CPU seconds
_START_LIMIT = 120  # seconds in which all workers must stand; a loaded machine starts slowly


def arrive(barrier: threading.Barrier) -> None:
    """Initializer of a worker: returns when all workers of the pool have come this far."""
    barrier.wait(_START_LIMIT)


def arrive_by_queues(here: object, go: object) -> None:
    """As `arrive`, for interpreters, which can share queues but no barrier."""
    here.put(None)
    go.get(timeout=_START_LIMIT)


def ready() -> None:
    """The task that a new worker gets first, so that an executor which starts workers on demand
    starts them all."""


def timed_chunk(worker: Callable, chunk: Sequence) -> tuple[int, int, bytes, list]:
    """Results of `worker` for each task of `chunk`, with where and when it worked.

    Returns (process id, thread id, three doubles a task as bytes, results). Bytes, because they
    pickle some ten times faster than objects do.
    """
    stamps, results = array("d"), []
    for task in chunk:
        cpu, start = thread_time(), perf_counter()
        result = worker(task)
        stamps.extend((start, perf_counter(), thread_time() - cpu))
        results.append(result)
    return os.getpid(), threading.get_ident(), stamps.tobytes(), results
