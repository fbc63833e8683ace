"""Processes that write the learner's notes: several at the same time, or killed while writing."""

from __future__ import annotations

import os
import sys
from multiprocessing.synchronize import Barrier, Event

from helpers.progress import store


def count_up(place: str, together: Barrier, times: int) -> None:
    """Add 1 to the same number `times` times, once all processes are ready."""
    os.environ["COURSE_STATE"] = place  # a fork server that runs already has an older one
    store.LOCK_PATIENCE = 100  # seconds; on a busy machine the other one may hold it for long
    together.wait()
    for _ in range(times):
        assert store.change("numbers", "sum", lambda value: (value or 0) + 1)


def stop_while_locked(place: str, reading: Event, go_on: Event) -> None:
    """Hold the lock between reading and writing until told to go on."""
    os.environ["COURSE_STATE"] = place

    def wait(_: object) -> int:
        reading.set()
        go_on.wait()
        return 1

    assert store.change("numbers", "first", wait)


def wait_for_the_lock(place: str, began: Event, patience: float) -> None:
    """Wait so long for the lock that another one holds; exit with 1 if that was in vain."""
    os.environ["COURSE_STATE"] = place
    store.LOCK_PATIENCE = patience
    began.set()
    sys.exit(not store.keep("numbers", "second", 2))


def die_while_reading(place: str) -> None:
    """Exit without a message while the lock is held."""
    os.environ["COURSE_STATE"] = place
    store.change("numbers", "sum", lambda _: os._exit(7))


def die_while_writing(place: str) -> None:
    """Exit without a message when the new file is half written."""
    os.environ["COURSE_STATE"] = place
    os.fsync = lambda _: os._exit(7)
    store.keep("numbers", "sum", 1_000)
