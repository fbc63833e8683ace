"""What children do with pipes, shared memory and managers, and what a manager keeps for them.

Plain functions that a child can import, as in `helpers.workers.children`.
"""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection
from multiprocessing.managers import BaseManager
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def answer_in_capitals(end: Connection) -> None:
    """Send each text back in capitals, until None comes."""
    for text in iter(end.recv, None):
        end.send(text.upper())


def square(name: str, count: int) -> None:
    """Square `count` float64 numbers in the shared memory of that name, where they lie."""
    memory = SharedMemory(name=name)
    numbers = np.frombuffer(memory.buf, np.float64, count)
    numbers *= numbers
    del numbers  # what looks into the memory goes first
    memory.close()


def add_often(
    table: dict, times: int, lock: AbstractContextManager, both: threading.Barrier
) -> None:
    """Add one to table["n"], `times` times over, each time behind `lock`.

    Before every twentieth, both wait for each other: on a busy machine one could be done before the
    other begins.
    """
    for number in range(times):
        if number % 20 == 0:
            both.wait()
        with lock:
            table["n"] += 1


def press_often(
    counter: Counter, times: int, lock: AbstractContextManager, both: threading.Barrier
) -> None:
    """Press the counter, `times` times over, each time behind `lock`; in step, as `add_often`."""
    for number in range(times):
        if number % 20 == 0:
            both.wait()
        with lock:
            counter.press()


def keep_own_key(table: dict, name: str, times: int, both: threading.Barrier) -> None:
    """When both are there: write table[name] and read it, `times` times; count wrong answers.

    The count is left in table["wrong " + name].
    """
    both.wait()
    wrong = 0
    for number in range(times):
        table[name] = (name, number)
        wrong += table[name] != (name, number)
    table[f"wrong {name}"] = wrong


def ask_who(counter: Counter, answers: list, both: threading.Barrier) -> None:
    """Append which of the manager's threads serves us; stay until both have asked."""
    answers.append(counter.served_by())
    both.wait()


class Counter:
    """An ordinary counter, as one writes it without a thought of threads."""

    def __init__(self) -> None:
        self.count = 0

    def press(self) -> None:
        """Read, add one, write; in between it lets others run, which also happens by itself."""
        seen = self.count
        time.sleep(0)  # no waiting: it gives up the processor, which is the point
        self.count = seen + 1

    def read(self) -> int:
        """How often it was pressed."""
        return self.count

    def served_by(self) -> int:
        """Which of this process's threads runs this method."""
        return threading.get_ident()


class CounterManager(BaseManager):
    """A manager that can keep a Counter. In a module, since its process must find it by name."""


CounterManager.register("Counter", Counter)
