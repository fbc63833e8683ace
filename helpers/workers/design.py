"""What the processes of lesson 10 run.

A pipeline that ends on request, records for one log, prices, random numbers, and words counted into
one table or into a table of each process.

    produce(stop, out) -> numbers -> square(numbers, squares) -> squares -> add_up(squares, answers)

A stage that has put its last item puts None behind it, so that the end runs down the pipeline after
the work.

Every call of a manager's proxy is a message to the manager's process and one back. `count_into`
counts them where all of them pass: in `BaseProxy._callmethod`, which the documentation names.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from logging.handlers import QueueHandler
from multiprocessing.managers import BaseProxy
from queue import Queue, SimpleQueue
from typing import TYPE_CHECKING

from helpers.validation import bad_type, whole_number

if TYPE_CHECKING:  # no other worker of this file needs NumPy, so it is loaded where it is used
    import numpy as np


def produce(stop: threading.Event, out: Queue, answers: SimpleQueue) -> None:
    """Put 0, 1, 2, … until `stop` is set, then None; put ("produced", how many) into answers."""
    number = 0
    while not stop.is_set():
        out.put(number)
        number += 1
    out.put(None)
    answers.put(("produced", number))


def square(numbers: Queue, out: Queue, answers: SimpleQueue) -> None:
    """Put the square of each number, then None; put ("squared", how many) into answers."""
    count = 0
    for number in iter(numbers.get, None):
        out.put(number * number)
        count += 1
    out.put(None)
    answers.put(("squared", count))


def add_up(squares: Queue, enough: threading.Event, least: int, answers: SimpleQueue) -> None:
    """Put ("added", how many, their sum) when None has come; set `enough` at the `least`-th."""
    count = total = 0
    for number in iter(squares.get, None):
        total += number
        count += 1
        if count == least:
            enough.set()
    answers.put(("added", count, total))


def log_records(name: str, count: int, records: Queue) -> None:
    """Log so many numbered records; a handler in this process puts each into the queue."""
    logger = logging.getLogger(name)
    logger.propagate = False  # under fork it has inherited the parent's handlers
    logger.setLevel(logging.INFO)
    handler = QueueHandler(records)
    logger.addHandler(handler)
    for number in range(count):
        logger.info("record %d", number)
    logger.removeHandler(handler)


def reciprocal(number: float) -> float:
    """1 / number. Raises ZeroDivisionError for 0, as some task in a large job does one day."""
    return 1 / number


rate = 1


def price(task: tuple[int, int]) -> int:
    """What `amount` costs at that rate; task = (amount, rate). All that it needs is in the task."""
    amount, at_rate = task
    return amount * at_rate


def price_at_global_rate(amount: int) -> int:
    """What `amount` costs at `helpers.workers.design.rate`, whatever that is in this process."""
    return amount * rate


def draw_from(generator: np.random.Generator) -> list[int]:
    """The next five whole numbers from 0 to 99 of the generator that was sent here: of a copy."""
    import numpy as np

    if not isinstance(generator, np.random.Generator):
        raise bad_type("generator", generator, "a NumPy Generator", "Pass np.random.default_rng().")
    return generator.integers(0, 100, 5).tolist()


def points_inside(task: tuple[np.random.SeedSequence, int]) -> int:
    """How many of `count` random points lie in the quarter circle; task = (seed, count)."""
    import numpy as np

    if not isinstance(task, tuple) or len(task) != 2:
        raise bad_type("task", task, "a tuple (seed, count)", "Pass e.g. (SeedSequence(1), 1_000).")
    seed, count = task
    whole_number("count", count, 1, 10**8, "Pass how many points, e.g. 10_000.")
    x, y = np.random.default_rng(seed).random((2, count))
    return int((x * x + y * y <= 1).sum())


def count_into(
    words: Sequence[str],
    table: MutableMapping[int, int],
    lock: AbstractContextManager | None = None,
) -> int:
    """Count each word into `table[its length]`, behind `lock` if there is one.

    Returns how many messages these calls took: two for each call of a proxy, there and back. (What
    proxies say to the manager when they are made and go is not among them.)
    """
    with _calls_counted() as calls:
        for word in words:
            with lock or nullcontext():
                table[len(word)] = table.get(len(word), 0) + 1
    return 2 * len(calls)


def count_alone(words: Sequence[str]) -> dict[int, int]:
    """How many words there are of each length."""
    table: dict[int, int] = {}
    for word in words:
        table[len(word)] = table.get(len(word), 0) + 1
    return table


@contextmanager
def _calls_counted() -> Iterator[list[str]]:
    """The names of the methods that proxies of this process call in the block."""
    calls: list[str] = []
    before = BaseProxy._callmethod

    def counted(proxy: BaseProxy, name: str, *arguments: object) -> object:
        calls.append(name)
        return before(proxy, name, *arguments)

    BaseProxy._callmethod = counted
    try:
        yield calls
    finally:
        BaseProxy._callmethod = before
