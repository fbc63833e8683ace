"""Workers for the tests: some do what a worker should not. Every child can import them."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import socket
import sys
import threading
import time
from contextlib import suppress
from multiprocessing import connection

from helpers.workers import lab_02


def double(number: int) -> int:
    """Return twice the number."""
    return 2 * number


async def double_async(number: int) -> int:
    """Return twice the number, when awaited."""
    return 2 * number


def fail(task: object) -> None:
    """Raise."""
    raise ValueError(f"on purpose, with {task}")


async def fail_async(task: object) -> None:
    """Raise, when awaited."""
    raise ValueError(f"on purpose, with {task}")


class TwoArguments(Exception):
    """Can be pickled, but not unpickled: it is rebuilt from the one argument that it passed on."""

    def __init__(self, first: object, second: object) -> None:
        super().__init__("the text")


def fail_unreadably(task: object) -> None:
    """Raise what can't be unpickled."""
    raise TwoArguments(1, 2)


class Mute(Exception):
    """Has no words: asking for them raises."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


def fail_mutely(task: object) -> None:
    """Raise what can't be printed."""
    raise Mute


def fetch_pages(size: int) -> int:
    """Fill and free `size` bytes, then do it again; return how many pages the second time took."""
    import resource  # not on Windows

    bytearray(size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    bytearray(size)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def leave(task: object) -> None:
    """End by `sys.exit`, as if a worker were a program."""
    sys.exit(3)


def die(task: object) -> None:
    """End this process at once."""
    os._exit(3)


def kill_me(task: object) -> None:
    """Kill this process from outside, as the system does when memory is short."""
    import psutil  # not above: it can't be loaded in an interpreter of its own lock

    psutil.Process().kill()
    threading.Event().wait()


def return_a_lock(task: object) -> object:
    """Return an object that can't be pickled."""
    return threading.Lock()


class Unreadable:
    """Can be pickled; raises when it is unpickled."""

    def __reduce__(self) -> tuple:
        return int, ("not a number",)


def return_unreadable(task: object) -> Unreadable:
    """Return an object that can be pickled but not unpickled."""
    return Unreadable()


def return_much(size: int) -> bytes:
    """Return enough bytes that sending them takes longer than making them."""
    return bytes(size)


def print_much(task: object) -> int:
    """Write to standard output and to its descriptor, where a protocol may run."""
    print("from Python", flush=True)
    os.write(1, b"from the descriptor\n")
    return 1


def report_and_hang(address: tuple[str, int]) -> None:
    """Tell the trap at `address` that we are here; go on when it lets go."""
    with socket.create_connection(address) as line:
        line.settimeout(0.1)
        line.sendall(b"here")
        while True:  # a signal that comes just before a system call does not end it
            with suppress(TimeoutError):
                line.recv(1)
                return


class Adder:
    """A worker that is an object."""

    def __init__(self, addend: int) -> None:
        self.addend = addend

    def __call__(self, number: int) -> int:
        return number + self.addend


def die_at_start(*_: object) -> None:
    """End the process before it is ready, as an initializer."""
    os._exit(3)


def much_and_a_lock(task: object) -> tuple[bytes, object]:
    """Return an object that can't be pickled after many bytes that can."""
    return bytes(1_000_000), threading.Lock()


def fail_at_start(*_: object) -> None:
    """Raise, as an initializer."""
    raise ValueError("not today")


def count_to(number: int, progress: object, stop: threading.Event) -> tuple[int, int]:
    """Tell each number up to that one as progress; return the last, and this process's id."""
    if number < 0:
        raise ValueError("no such number")
    for done in range(1, number + 1):
        progress(done, number)
    return number, os.getpid()


def keep_a_pool_replacing(progress: object, stop: threading.Event) -> None:
    """Kill the workers of a Pool repeatedly, so that its own thread keeps starting new ones."""
    with multiprocessing.get_context("fork").Pool(12) as pool:
        pool.map(abs, range(2))
        for done in itertools.count(1):
            for child in multiprocessing.active_children():
                child.kill()
            progress(done, done + 1)
            connection.wait([child.sentinel for child in multiprocessing.active_children()], 0.05)


CALLS: list[object] = []


def count_calls(task: object) -> int:
    """Return how many calls there have been in this process, with this one."""
    CALLS.append(task)
    return len(CALLS)


def refuse_to_end_late(job: str, seconds: float) -> None:
    """Begin the job of that name after some seconds, and ignore a request to end from then on."""
    time.sleep(seconds)
    lab_02.refuse_to_end(job)
