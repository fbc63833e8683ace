"""What the children of lesson 03 run: change their own memory, and add to shared memory."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue
    from multiprocessing.sharedctypes import Synchronized, SynchronizedArray
    from multiprocessing.synchronize import Barrier

counter = 0  # a global of this module: each process that imports it has its own


def count_up(numbers: list, answers: SimpleQueue) -> None:
    """Add 1 to this module's counter, append it to the list, and send both."""
    global counter
    counter += 1
    numbers.append(counter)
    answers.put((counter, list(numbers)))


def multiply(factor: Synchronized[int], row: SynchronizedArray[int], index: int) -> None:
    """Store index * factor at this index of the shared array."""
    row[index] = index * factor.value


class Box:
    """An ordinary object that holds a value."""

    def __init__(self) -> None:
        self.value = 0


def add_in_worst_order(
    box: Box | Synchronized[int], barrier: Barrier, answers: SimpleQueue
) -> None:
    """Add 1 to box.value, but store only after the other worker has loaded too."""
    loaded = box.value  # load
    barrier.wait()  # until the other worker has loaded
    box.value = loaded + 1  # add, store
    answers.put(box.value)


def add_with_lock(box: Synchronized[int], barrier: Barrier, answers: SimpleQueue) -> None:
    """Do the same, but hold the lock from the load to the store."""
    with box.get_lock():
        loaded = box.value
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=0.2)  # in vain: the other worker waits for the lock
        box.value = loaded + 1
        answers.put(box.value)


def add_often(total: Synchronized[int], times: int, barrier: Barrier) -> None:
    """Wait until all workers are ready, then add 1 to the total, `times` times."""
    barrier.wait()
    for _ in range(times):
        total.value += 1


def add_often_with_lock(total: Synchronized[int], times: int, barrier: Barrier) -> None:
    """Do the same, but hold the lock for each whole addition."""
    barrier.wait()
    for _ in range(times):
        with total.get_lock():
            total.value += 1
