"""What the child processes and threads of lessons 00, 01 and 07 to 09 run.

These functions live in a module because a child started by spawn or forkserver imports its function
by name, and it cannot import a notebook's cell. The annotations name the types of multiprocessing.
Every Python that runs one of these functions also works with an object of the same name from
`threading` or `queue`, so the lessons give threads the same objects.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # lesson 00 measures how soon a child that does nothing ends: import little
    from multiprocessing.connection import Connection
    from multiprocessing.queues import SimpleQueue
    from multiprocessing.synchronize import Event, Semaphore


def nothing() -> None:
    """Return at once."""


def tell_ids(answers: SimpleQueue) -> None:
    """Put (process id, thread id) of the process and thread that run this."""
    answers.put((os.getpid(), threading.get_native_id()))


def tell_parent(answers: SimpleQueue) -> None:
    """Put the id of the process that started this one, or None in a main process."""
    parent = multiprocessing.parent_process()
    answers.put(None if parent is None else parent.pid)


def import_here(name: str, answers: SimpleQueue) -> None:
    """Import the module of this name, and put whether this interpreter now has it."""
    importlib.import_module(name)
    answers.put(name in sys.modules)


def hold_memory(size: int, holding: Event, leave: Event) -> None:
    """Hold `size` bytes of memory until `leave` is set."""
    block = b"x" * size
    holding.set()
    leave.wait()
    del block


def append_to(numbers: list, answers: SimpleQueue) -> None:
    """Append 4 to the list, and put a copy of the list as this process now sees it."""
    numbers.append(4)
    answers.put(list(numbers))


def add_one_often(times: int, box: list[int], answers: SimpleQueue) -> None:
    """Read box[0], add one and write it back, `times` times; then put what is in the box.

    Between reading and writing it gives up the processor. Other threads then run at the moment in
    which they do most harm. CPython with a GIL would not switch threads there by itself.
    """
    for _ in range(times):
        seen = box[0]
        time.sleep(0)  # lets another thread run
        box[0] = seen + 1
    answers.put(box[0])


def wait_for(event: Event) -> None:
    """Wait until the event is set."""
    event.wait()


def wait_here(here: Semaphore, leave: Event) -> None:
    """Release the semaphore to say that this process runs; return when `leave` is set."""
    here.release()
    leave.wait()


def end_abruptly(code: int) -> None:
    """End this process at once, without any cleanup, as a crash in C code would."""
    os._exit(code)


def echo(connection: Connection) -> None:
    """Send back every message until None comes."""
    while (message := connection.recv()) is not None:
        connection.send(message)
