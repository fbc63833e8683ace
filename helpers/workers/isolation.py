"""What the children of lesson 03 do: change what is theirs, and add to what is shared.

They are here because a child that is started by spawn or forkserver imports its function by name,
which a notebook's cell has not got.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import MutableMapping, MutableSequence
from contextlib import nullcontext, suppress
from queue import SimpleQueue
from types import SimpleNamespace

counter = 0  # a global of this module: one in each process that imports it


def count_up(numbers: list, answers: SimpleQueue) -> None:
    """Add 1 to this module's counter, append it to the list; put (counter, the list)."""
    global counter
    counter += 1
    numbers.append(counter)
    answers.put((counter, list(numbers)))


def set_value(box: ctypes.c_int, value: int) -> None:
    """Put the value into the box."""
    box.value = value


def fill_place(places: MutableSequence, place: int, value: float) -> None:
    """Put the value into that place."""
    places[place] = value


def measure_word(word: str, lengths: MutableMapping) -> None:
    """Enter the word's length under the word."""
    lengths[word] = len(word)


def send_length(word: str, answers: SimpleQueue) -> None:
    """Put (the word, its length)."""
    answers.put((word, len(word)))


def add_in_worst_order(
    box: SimpleNamespace | ctypes.c_int,
    barrier: threading.Barrier,
    lock: threading.RLock | None,
    patience: float,
    answers: SimpleQueue,
) -> None:
    """Add 1 to box.value: load, wait at the barrier until the other one has loaded too, store.

    Whoever waits longer than `patience` seconds goes on alone: so it is if a lock is held meanwhile
    and keeps the other one from loading. Puts what this worker then sees in the box.
    """
    with lock or nullcontext():
        seen = box.value
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=patience)
        box.value = seen + 1
        seen = box.value
    answers.put(seen)


def add_often(times: int, total: ctypes.c_int, barrier: threading.Barrier) -> None:
    """When all are at the barrier, add 1 to the total, `times` times over, without a lock."""
    barrier.wait()
    for _ in range(times):
        total.value += 1


def add_often_locked(times: int, total: ctypes.c_int, barrier: threading.Barrier) -> None:
    """As `add_often`, with the total's lock held from each load to its store."""
    barrier.wait()
    for _ in range(times):
        with total.get_lock():
            total.value += 1
