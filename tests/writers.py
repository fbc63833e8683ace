"""Processes that write the learner's notes: many times at once, or killed in the middle of it."""

from __future__ import annotations

import os
from functools import partial
from multiprocessing.synchronize import Barrier

from helpers.progress import store
from helpers.progress.store import alone


def count_up(place: str, together: Barrier, times: int) -> None:
    """When all are there, add 1 to one and the same number, so many times."""
    os.environ["COURSE_STATE"] = place  # a fork server that runs already has an older one
    store.alone = partial(alone, patience=100)  # a busy machine may keep the other one for long
    together.wait()
    for _ in range(times):
        assert store.change("numbers", "sum", lambda value: (value or 0) + 1)


def die_while_reading(place: str) -> None:
    """End without a word while the lock is held."""
    os.environ["COURSE_STATE"] = place
    store.change("numbers", "sum", lambda _: os._exit(7))


def die_while_writing(place: str) -> None:
    """End without a word when the new file is half written."""
    os.environ["COURSE_STATE"] = place
    os.fsync = lambda _: os._exit(7)
    store.keep("numbers", "sum", 1_000)
