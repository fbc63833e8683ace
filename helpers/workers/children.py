"""What the lessons' child processes and threads do. Each takes plain things and sends plain things.

They are here because a child that is started by spawn or forkserver imports its function by name,
which a notebook's cell has not got.
"""

from __future__ import annotations

import ctypes
import importlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from statistics import median


def nothing() -> None:
    """End at once."""


def tell_ids(answers: SimpleQueue) -> None:
    """Put (process id, thread id) of whoever runs this."""
    answers.put((os.getpid(), threading.get_native_id()))


def tell_parent(answers: SimpleQueue) -> None:
    """Put the id of the process that started this one, as multiprocessing knows it."""
    parent = multiprocessing.parent_process()
    answers.put(None if parent is None else parent.pid)


def import_here(name: str, answers: SimpleQueue) -> None:
    """Import the module of that name into this interpreter, and put whether it has it now."""
    importlib.import_module(name)
    answers.put(name in sys.modules)


def hold_memory(size: int, holding: threading.Event, leave: threading.Event) -> None:
    """Hold `size` bytes until told to leave."""
    block = b"x" * size
    holding.set()
    leave.wait()
    del block


def append_to(numbers: list, answers: SimpleQueue) -> None:
    """Append 4 to the list, and put what the list is now."""
    numbers.append(4)
    answers.put(list(numbers))


def add_one_often(times: int, box: list[int], answers: SimpleQueue) -> None:
    """Read box[0], add one, write it back, `times` times over; then put what is in the box.

    Between reading and writing it lets others run: what seldom happens there by chance is made
    to happen.
    """
    for _ in range(times):
        seen = box[0]
        time.sleep(0)  # no waiting: it gives up the processor, which is the point
        box[0] = seen + 1
    answers.put(box[0])


def wait_for(event: threading.Event) -> None:
    """End when the event is set."""
    event.wait()


def wait_here(here: threading.Semaphore, leave: threading.Event) -> None:
    """Release the semaphore to say that we run; end when told to leave."""
    here.release()
    leave.wait()


def fill_when_told(go: threading.Event, box: ctypes.c_int) -> None:
    """Wait until told to go on, then put the answer, 42, into the shared box."""
    go.wait()
    box.value = 42


def work_a_while(name: str, seconds: float, answers: SimpleQueue) -> None:
    """Wait as long as some work would take; put (name, start, end) on the system-wide clock."""
    start = time.perf_counter()
    time.sleep(seconds)
    answers.put((name, start, time.perf_counter()))


def meet(barrier: threading.Barrier, answers: SimpleQueue) -> None:
    """Wait for the others at the barrier; put whether they came."""
    try:
        barrier.wait(timeout=1)
    except threading.BrokenBarrierError:
        answers.put(False)
    else:
        answers.put(True)


def exit_with(code: int | str | None) -> None:
    """End by `sys.exit`."""
    sys.exit(code)


def fail() -> None:
    """Raise what nobody catches."""
    raise ValueError("this child failed on purpose")


def end_abruptly(code: int) -> None:
    """End at once, without cleaning up, as a crash in C code does."""
    os._exit(code)


def never_end(started: threading.Event) -> None:
    """Say that we run, then hang."""
    started.set()
    threading.Event().wait()


def refuse_to_end(started: threading.Event) -> None:
    """As `never_end`, and take no notice of a request to terminate."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    never_end(started)


def clean_up_if_asked(started: threading.Event, please_end: threading.Event, path: str) -> None:
    """Work until asked to end; then, and only then, `finally` leaves a note at `path`."""
    try:
        started.set()
        please_end.wait()
    finally:
        Path(path).write_text("cleaned up", encoding="utf-8")


def late_by(times: int) -> float:
    """By how many seconds one millisecond of sleep was late: the median of `times` sleeps."""
    delays = []
    for _ in range(times):
        began = time.perf_counter()
        time.sleep(0.001)
        delays.append(time.perf_counter() - began - 0.001)
    return median(delays)


def echo(connection: Connection) -> None:
    """Send back what comes, until None comes."""
    while (message := connection.recv()) is not None:
        connection.send(message)


def whoami(_: object = None) -> tuple[int, str]:
    """(process id, name of the multiprocessing process) of whoever runs this."""
    return os.getpid(), multiprocessing.current_process().name
