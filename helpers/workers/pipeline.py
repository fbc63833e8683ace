r"""A producer and a consumer that record what they did when, and send the records to the parent.

    produce: make -> put -> [tasks] -> get -> use: consume
        \___________ connection ___________/
                          v
                 parent: steps, checksums

Keep imports few: every child process loads this module.
"""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING, NamedTuple

from helpers.timing import arrive_in_process

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier

END = -1  # the item number of a get that returned the sentinel


class Step(NamedTuple):
    """What one process did to one item, from `start` to `end` in seconds: make, put, get or use."""

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
    gate: Barrier,
    parent: Connection,
) -> None:
    """Make and put the items of these numbers, of `size` bytes each; then send all steps.

    Making an item takes `make` seconds. The work begins when all processes are at the gate.
    """
    block, steps = bytes(size), []
    arrive_in_process(gate, None)
    now = time.perf_counter
    for item in numbers:
        start = now()
        time.sleep(make)
        made = now()
        tasks.put((item, block))
        steps += [Step(name, "make", item, start, made), Step(name, "put", item, made, now())]
    parent.send(("steps", steps))


def consume(name: str, use: float, tasks: Queue, gate: Barrier, parent: Connection) -> None:
    """Get items until None comes, send a checksum of each, then all steps.

    Using an item takes `use` seconds. The work begins when all processes are at the gate.
    """
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
        parent.send(("checksum", (item, checksum)))
    parent.send(("steps", [*steps, Step(name, "get", END, start, end)]))
