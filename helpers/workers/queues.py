"""What the child processes of lesson 04 run: they put items into queues and get items from them."""

from __future__ import annotations

import os
import time
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.queues import JoinableQueue, Queue, SimpleQueue


def say_done(answers: Queue) -> None:
    """Put one word."""
    answers.put("done")


def produce(name: str, count: int, tasks: Queue) -> None:
    """Put the items (name, 0), (name, 1), … into the queue: `count` of them."""
    for number in range(count):
        tasks.put((name, number))


def consume(tasks: Queue, reports: Queue) -> None:
    """Get items until None comes, then put a Counter: how often this process got each item."""
    got: Counter = Counter()
    while True:
        item = tasks.get()
        if item is None:
            break
        time.sleep(0.001)  # the work
        got[item] += 1
    reports.put(got)


def make_items(count: int, seconds: float, tasks: Queue, reports: Queue) -> None:
    """Put `count` items, each of which takes `seconds` to make; then report the time it took."""
    began = time.perf_counter()
    for number in range(count):
        time.sleep(seconds)  # makes the item
        tasks.put(number)
    reports.put(time.perf_counter() - began)


def use_items(seconds: float, tasks: Queue) -> None:
    """Get items until None comes; each takes `seconds` to use."""
    while tasks.get() is not None:
        time.sleep(seconds)  # uses the item


def divide(tasks: Queue, answers: Queue) -> None:
    """Get numbers until None comes; put (number, "ok", result) or (number, "error", text)."""
    while True:
        task = tasks.get()
        if task is None:
            break
        try:
            answer = (task, "ok", 60 // task)
        except Exception as error:
            answer = (task, "error", repr(error))
        answers.put(answer)


def crash(tasks: Queue, answers: Queue) -> None:
    """Get a task, and end at once, as a crash in C code does: no exception and no answer."""
    tasks.get()
    os._exit(3)


def square(tasks: JoinableQueue, results: SimpleQueue) -> None:
    """Get numbers until None comes, put the square of each, and mark each as done."""
    while True:
        task = tasks.get()
        if task is None:
            break
        try:
            results.put(task**2)
        finally:
            tasks.task_done()  # after an error, too


def put_and_leave(count: int, results: Queue) -> None:
    """Put `count` items of 100 bytes, and end without waiting for the feeder thread."""
    for _ in range(count):
        results.put(b"x" * 100)
    results.cancel_join_thread()
