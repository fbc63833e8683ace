"""What the processes of a pipeline do: each works, notes what it did when, and sends its notes.

Small, because every child process imports it.
"""

from __future__ import annotations

import threading
import time
import zlib
from multiprocessing import Queue, connection
from typing import NamedTuple

from helpers.timing import arrive_in_process

END = -1  # the item of a get that took the sentinel


class Step(NamedTuple):
    """One process did one thing: it made, put, got or used the item of that number."""

    who: str
    kind: str
    item: int
    start: float
    end: float


def produce(
    name: str,
    numbers: range,
    size: int,
    make: float,
    tasks: Queue,
    gate: threading.Barrier,
    line: connection.Connection,
) -> None:
    """Make and put the items of these numbers, of `size` bytes each; then send all steps."""
    block, steps = bytes(size), []
    arrive_in_process(gate, None)
    now = time.perf_counter
    for item in numbers:
        start = now()
        time.sleep(make)
        made = now()
        tasks.put((item, block))
        steps += [Step(name, "make", item, start, made), Step(name, "put", item, made, now())]
    line.send(("steps", steps))


def consume(
    name: str, use: float, tasks: Queue, gate: threading.Barrier, line: connection.Connection
) -> None:
    """Get items until a None comes, send a checksum of each, then all steps."""
    steps: list[Step] = []
    arrive_in_process(gate, None)
    now = time.perf_counter
    while True:
        start = now()
        got = tasks.get()
        end = now()
        if got is None:
            break
        item, block = got
        time.sleep(use)
        checksum = zlib.crc32(block)
        steps += [Step(name, "get", item, start, end), Step(name, "use", item, end, now())]
        line.send(("checksum", (item, checksum)))
    line.send(("steps", [*steps, Step(name, "get", END, start, end)]))
