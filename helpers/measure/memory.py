"""Measurements of the memory that a worker takes, as the operating system counts it.

RSS counts every page that a process has in memory, including shared ones. USS counts only the pages
that no other process shares, which would become free if the process ended. PSS also counts part of
each shared page: 1/n if n processes share it. Only PSS can be summed over processes.
https://psutil.readthedocs.io/ (memory_full_info): USS on Linux, macOS and Windows, PSS on Linux.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event

import psutil

from helpers.engines import executors
from helpers.validation import whole_number
from helpers.workers import children


@dataclass(frozen=True)
class Weight:
    """The bytes of a process, or of a worker on average; None if the system does not say."""

    rss: float
    uss: float | None
    pss: float | None


def weigh(pid: int) -> Weight:
    """Return the memory of process `pid`, in bytes. Raise psutil.Error if there is no such process.

    On macOS only a privileged user may read the USS of another process; for others it is None.
    """
    process = psutil.Process(pid)
    rss = process.memory_info().rss
    try:
        full = process.memory_full_info()
    except (psutil.AccessDenied, AttributeError, NotImplementedError):
        return Weight(rss, None, None)
    return Weight(rss, getattr(full, "uss", None), getattr(full, "pss", None))


def weigh_workers(count: int = 4) -> dict[str, Weight]:
    """Measure the memory of a worker; return a Weight by kind: "thread", then each start method.

    For each kind, `count` workers are alive and wait while they are measured; all have ended when
    this returns. A thread has no memory of its own: its weight is the growth of this process,
    divided by `count`. Raise TypeError or ValueError for a count that can't be used.
    """
    whole_number("count", count, 1, executors.MAX_WORKERS, "Pass how many of each kind, e.g. 4.")
    found = {"thread": _threads(count)}
    for method in executors.START_METHODS:
        if not executors.why_missing(method):
            found[method] = _processes(method, count)
    return found


def _threads(count: int) -> Weight:
    before = weigh(os.getpid())
    leave, here = threading.Event(), threading.Barrier(count + 1)
    with _alive([lambda: threading.Thread(target=_wait, args=(here, leave))] * count, leave):
        here.wait()
        after = weigh(os.getpid())
    grown = [
        None if was is None or now is None else max(0.0, now - was) / count
        for was, now in ((before.rss, after.rss), (before.uss, after.uss), (before.pss, after.pss))
    ]
    rss, uss, pss = grown
    return Weight(rss or 0.0, uss, pss)


def _wait(here: threading.Barrier, leave: threading.Event) -> None:
    here.wait()
    leave.wait()


def _processes(method: str, count: int) -> Weight:
    context = executors.context(method)
    leave, here = context.Event(), context.Semaphore(0)
    make = lambda: context.Process(target=children.wait_here, args=(here, leave))  # noqa: E731
    with _alive([make] * count, leave) as workers:
        for _ in workers:
            here.acquire()
        weights = [weigh(worker.pid) for worker in workers]
    rss = sum(one.rss for one in weights) / count
    return Weight(rss, _mean([one.uss for one in weights]), _mean([one.pss for one in weights]))


@contextmanager
def _alive(makers: Sequence[Callable], leave: threading.Event | Event) -> Iterator[list]:
    """Start the workers and yield them; at the end, set `leave` and join them."""
    workers: list = []
    try:
        for make in makers:
            worker = make()
            worker.start()
            workers.append(worker)
        yield workers
    finally:
        leave.set()
        for worker in workers:
            worker.join()


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if len(known) == len(values) else None
