"""What the processes of lesson 10 run.

A pipeline that stops on request, log records for one writer, prices, random numbers, and word
counts in one shared table or in a table for each process.

    produce(stop, out) -> numbers -> square(numbers, squares) -> squares -> add_up(squares, answers)

After its last item, each stage but the last puts None. The next stage gets it after all the items,
and ends in the same way, so the pipeline stops without losing an item.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, MutableMapping, Sequence
from contextlib import AbstractContextManager
from logging.handlers import QueueHandler
from multiprocessing.managers import BaseProxy
from typing import TYPE_CHECKING

from helpers.validation import bad_type, whole_number

if TYPE_CHECKING:
    from multiprocessing.queues import Queue, SimpleQueue
    from multiprocessing.synchronize import Event

    import numpy as np  # only the random numbers need it, so their functions import it


def produce(stop: Event, out: Queue, answers: SimpleQueue) -> None:
    """Put 0, 1, 2, … until `stop` is set, then None; put ("produced", how many) in `answers`."""
    number = 0
    while not stop.is_set():
        out.put(number)
        number += 1
    out.put(None)
    answers.put(("produced", number))


def square(numbers: Queue, out: Queue, answers: SimpleQueue) -> None:
    """Put the square of each number, then None; put ("squared", how many) in `answers`."""
    count = 0
    while True:
        number = numbers.get()
        if number is None:
            break
        out.put(number * number)
        count += 1
    out.put(None)
    answers.put(("squared", count))


def add_up(squares: Queue, enough: Event, least: int, answers: SimpleQueue) -> None:
    """Add up the squares until None comes; put ("added", how many, their sum) in `answers`.

    Set `enough` when `least` squares have come.
    """
    count = total = 0
    while True:
        number = squares.get()
        if number is None:
            break
        total += number
        count += 1
        if count == least:
            enough.set()
    answers.put(("added", count, total))


def log_records(name: str, count: int, records: Queue) -> None:
    """Log `count` numbered records through a handler that puts each in the queue."""
    logger = logging.getLogger(name)
    logger.propagate = False  # a forked child inherits the handlers of the parent's root logger
    logger.setLevel(logging.INFO)
    handler = QueueHandler(records)
    logger.addHandler(handler)
    for number in range(count):
        logger.info("record %d", number)
    logger.removeHandler(handler)


def reciprocal(number: float) -> float:
    """Return 1 / number. Raise ZeroDivisionError for 0, as one task of a large job may."""
    return 1 / number


rate = 1


def price(task: tuple[int, int]) -> int:
    """Return what `amount` costs at that rate; task = (amount, rate), all that it needs."""
    amount, at_rate = task
    return amount * at_rate


def price_at_global_rate(amount: int) -> int:
    """Return what `amount` costs at this module's `rate`, as this process has it."""
    return amount * rate


def draw_from(generator: np.random.Generator) -> list[int]:
    """Return the generator's next five whole numbers from 0 to 99. A worker draws from a copy."""
    import numpy as np

    if not isinstance(generator, np.random.Generator):
        raise bad_type("generator", generator, "a NumPy Generator", "Pass np.random.default_rng().")
    return generator.integers(0, 100, 5).tolist()


def points_inside(task: tuple[np.random.SeedSequence, int]) -> int:
    """Return how many of `count` random points lie in the quarter circle; task = (seed, count)."""
    import numpy as np

    if not isinstance(task, tuple) or len(task) != 2:
        raise bad_type("task", task, "a tuple (seed, count)", "Pass e.g. (SeedSequence(1), 1_000).")
    seed, count = task
    whole_number("count", count, 1, 10**8, "Pass how many points, e.g. 10_000.")
    x, y = np.random.default_rng(seed).random((2, count))
    return int((x * x + y * y <= 1).sum())


def count_locked(
    words: Sequence[str], table: MutableMapping[int, int], lock: AbstractContextManager
) -> None:
    """Count each word in `table[its length]`, and hold the lock for each of them."""
    for word in words:
        with lock:
            table[len(word)] = table.get(len(word), 0) + 1


def count_alone(words: Sequence[str]) -> dict[int, int]:
    """Return how many words there are of each length."""
    table: dict[int, int] = {}
    for word in words:
        table[len(word)] = table.get(len(word), 0) + 1
    return table


def messages_of(function: Callable, *arguments: object) -> int:
    """Call the function; return how many messages its calls of proxies sent and got: two each.

    Every proxy calls its manager by the documented method `_callmethod`. Meanwhile we replace that
    by one that also counts. What a proxy sends to connect and to count references is left out.
    """
    calls = []
    original = BaseProxy._callmethod

    def counted(proxy: BaseProxy, name: str, *rest: object) -> object:
        calls.append(name)
        return original(proxy, name, *rest)

    BaseProxy._callmethod = counted
    try:
        function(*arguments)
    finally:
        BaseProxy._callmethod = original
    return 2 * len(calls)
