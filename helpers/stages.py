"""What the processes of lesson 10 do: a pipeline that ends on request, and records for one log.

    produce(stop, out) -> numbers -> square(numbers, squares) -> squares -> add_up(squares, answers)

A stage that has put its last item puts None behind it, so that the end runs down the pipeline after
the work.
"""

from __future__ import annotations

import logging
import threading
from logging.handlers import QueueHandler
from queue import Queue, SimpleQueue


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
