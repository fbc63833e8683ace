"""What the children and threads of lesson 05 do with pipes, shared memory and managers.

It also holds a class whose objects a manager keeps. These functions live in a module because a
child started by spawn or forkserver imports its function by name.
"""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager
from multiprocessing.managers import BaseManager
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.managers import DictProxy
    from multiprocessing.synchronize import Barrier


def answer_in_capitals(end: Connection) -> None:
    """Send each text back in capitals, until None comes."""
    for text in iter(end.recv, None):
        end.send(text.upper())


def square(name: str, count: int) -> None:
    """Square, in place, the `count` float64 numbers in the shared memory of that name."""
    import numpy as np  # here, because no other worker of this module needs it

    memory = SharedMemory(name=name)
    numbers = np.frombuffer(memory.buf, np.float64, count)
    numbers *= numbers
    del numbers  # close() raises BufferError while an array uses the memory
    memory.close()


def add_often(table: DictProxy, times: int, lock: AbstractContextManager, both: Barrier) -> None:
    """Add one to table["n"], `times` times, and hold `lock` during each addition.

    Before every twentieth addition, both workers wait for each other. Without that, one could
    finish before the other begins on a busy machine, and nothing would be lost.
    """
    for number in range(times):
        if number % 20 == 0:
            both.wait()
        with lock:
            table["n"] += 1


def press_often(counter: Counter, times: int, lock: AbstractContextManager, both: Barrier) -> None:
    """Press the counter as `add_often` adds: `times` times, under `lock`, in step with the other.

    `counter` is a manager's proxy of a Counter.
    """
    for number in range(times):
        if number % 20 == 0:
            both.wait()
        with lock:
            counter.press()


def keep_own_key(table: DictProxy, name: str, times: int, both: threading.Barrier) -> None:
    """Write table[name] and read it back, `times` times, once both threads are at the barrier.

    Store the number of wrong answers in table["wrong " + name].
    """
    both.wait()
    wrong = 0
    for number in range(times):
        table[name] = (name, number)
        wrong += table[name] != (name, number)
    table[f"wrong {name}"] = wrong


def ask_who(counter: Counter, answers: list[int], both: threading.Barrier) -> None:
    """Append the id of the manager's thread that serves this one; wait until both have asked.

    A thread that ended before the other one asked would end the manager's thread too, and the
    system could give its id to the next one.
    """
    answers.append(counter.served_by())
    both.wait()


class Counter:
    """A counter that is not safe to use from several threads at once."""

    def __init__(self) -> None:
        self.count = 0

    def press(self) -> None:
        """Read the count, add one and write it, and let other threads run in between."""
        seen = self.count
        time.sleep(0)  # gives up the processor; Python can also switch threads here by itself
        self.count = seen + 1

    def read(self) -> int:
        """Return how often it was pressed."""
        return self.count

    def served_by(self) -> int:
        """Return the id of the thread that runs this method."""
        return threading.get_ident()


class CounterManager(BaseManager):
    """A manager that can keep a Counter. Its process imports it by name from this module."""


CounterManager.register("Counter", Counter)
