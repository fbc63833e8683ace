"""What the children and threads of lesson 05 do with a manager's objects.

It also holds a class whose objects a manager keeps, and the manager that can keep them. A manager's
process imports both by name from this module.
"""

from __future__ import annotations

import threading
import time
from multiprocessing.managers import BaseManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.managers import DictProxy, ListProxy
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier, Lock


def add_often(table: DictProxy, times: int, meet: Barrier) -> None:
    """Add 1 to table["n"], so many times; meet the other worker before every 20th addition."""
    for number in range(times):
        if number % 20 == 0:
            meet.wait()
        table["n"] += 1


def add_with_lock(table: DictProxy, times: int, meet: Barrier, lock: Lock) -> None:
    """Add 1 to table["n"] as add_often does, each time under the lock."""
    for number in range(times):
        if number % 20 == 0:
            meet.wait()
        with lock:
            table["n"] += 1


def put_square(number: int, answers: Queue) -> None:
    """Put the number's square into the queue."""
    answers.put(number**2)


def add_square(table: DictProxy, number: int, lock: Lock) -> None:
    """Add the number's square to table["sum"], under the lock."""
    with lock:
        table["sum"] += number**2


def slow_key(number: int) -> int:
    """Return the number by which to sort, after a millisecond."""
    time.sleep(0.001)
    return number


def watch_length(numbers: ListProxy, lengths: list[int], stop: threading.Event) -> None:
    """Append the length of the manager's list to `lengths`, again and again until told to stop."""
    while not stop.is_set():
        lengths.append(len(numbers))
        time.sleep(0.005)


class Counter:
    """A counter that is not safe to use from several threads at once."""

    def __init__(self) -> None:
        self.count = 0

    def press(self) -> None:
        """Read the count, add 1 and write it, and let other threads run in between."""
        seen = self.count
        time.sleep(0)  # releases the GIL; Python may also switch threads here by itself
        self.count = seen + 1

    def read(self) -> int:
        """Return how often it was pressed."""
        return self.count

    def served_by(self) -> int:
        """Return the id of the thread that runs this method."""
        return threading.get_ident()


class CounterManager(BaseManager):
    """A manager that can keep a Counter."""


CounterManager.register("Counter", Counter)


def press_often(counter: Counter, times: int, meet: Barrier) -> None:
    """Press the counter so many times; meet the other worker before every 20th press."""
    for number in range(times):
        if number % 20 == 0:
            meet.wait()
        counter.press()


def press_with_lock(counter: Counter, times: int, meet: Barrier, lock: Lock) -> None:
    """Press the counter as press_often does, each time under the lock."""
    for number in range(times):
        if number % 20 == 0:
            meet.wait()
        with lock:
            counter.press()


def ask_who_serves(counter: Counter, answers: list[int], meet: threading.Barrier) -> None:
    """Append the id of the manager's thread that serves this one; wait until both have asked.

    A thread that ended before the other one asked would end the manager's thread too, and the
    system could give its id to the next one.
    """
    answers.append(counter.served_by())
    meet.wait()
