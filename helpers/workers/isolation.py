"""What the child processes of lesson 03 run: change their own memory, and add to shared memory."""

from __future__ import annotations

import threading
from collections.abc import MutableMapping, MutableSequence
from contextlib import nullcontext, suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue
    from multiprocessing.sharedctypes import Synchronized
    from multiprocessing.synchronize import Barrier, RLock

counter = 0  # a global of this module: each process that imports it has its own


def count_up(numbers: list, answers: SimpleQueue) -> None:
    """Add 1 to this module's counter, append it to the list, and put (counter, list)."""
    global counter
    counter += 1
    numbers.append(counter)
    answers.put((counter, list(numbers)))


def set_value(box: Synchronized[int], value: int) -> None:
    """Store `value` in the shared value."""
    box.value = value


def fill_place(places: MutableSequence, place: int, value: float) -> None:
    """Store `value` at the index `place`."""
    places[place] = value


def measure_word(word: str, lengths: MutableMapping) -> None:
    """Store the word's length under the word."""
    lengths[word] = len(word)


def send_length(word: str, answers: SimpleQueue) -> None:
    """Put (the word, its length)."""
    answers.put((word, len(word)))


def add_in_worst_order(
    box: SimpleNamespace | Synchronized[int],
    barrier: Barrier,
    lock: RLock | None,
    patience: float,
    answers: SimpleQueue,
) -> None:
    """Add 1 to box.value in the worst order: load, wait until the other worker has loaded, store.

    A worker that waits longer than `patience` seconds goes on alone. That happens when it holds a
    lock that keeps the other one from loading. Put what this worker then sees in the box.
    """
    with lock or nullcontext():
        seen = box.value
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=patience)
        box.value = seen + 1
        seen = box.value
    answers.put(seen)


def add_often(times: int, total: Synchronized[int], barrier: Barrier) -> None:
    """Wait at the barrier, then add 1 to the total `times` times, without a lock."""
    barrier.wait()
    for _ in range(times):
        total.value += 1


def add_often_locked(times: int, total: Synchronized[int], barrier: Barrier) -> None:
    """Do the same as `add_often`, but hold the total's lock from each load to its store."""
    barrier.wait()
    for _ in range(times):
        with total.get_lock():
            total.value += 1
