"""Facts about this machine: usable cores, start methods, the GIL, memory, and costs of starting."""

from __future__ import annotations

import multiprocessing
import os
import platform
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from statistics import median
from time import perf_counter

import psutil

from helpers.engines import executors
from helpers.progress import store
from helpers.validation import whole_number
from helpers.workers import children


def usable_cores() -> int:
    """Return how many cores this process may use, within its affinity and a container's CPU quota.

    `os.cpu_count` counts the cores of the machine. `os.process_cpu_count`, new in Python 3.13,
    respects affinity, where `os.sched_getaffinity` exists (Linux), but not a quota.
    `loky.cpu_count` respects both. It is called in another interpreter, because importing loky
    renames the semaphores of `multiprocessing`. See
    https://docs.python.org/3/library/os.html#os.process_cpu_count and https://loky.readthedocs.io/
    """
    return _cores_by_loky()


@cache
def _cores_by_loky() -> int:
    asked = [sys.executable, "-c", "import loky; print(loky.cpu_count())"]
    return int(subprocess.run(asked, capture_output=True, check=True, text=True).stdout)


def has_gil() -> bool:
    """Return whether this interpreter runs with a global interpreter lock (GIL)."""
    return getattr(sys, "_is_gil_enabled", lambda: True)()  # new in 3.13


def default_start_method() -> str:
    """Return the start method that this Python uses by default, such as 'spawn'."""
    return multiprocessing.get_context().get_start_method()


@dataclass(frozen=True)
class Profile:
    """The measured properties of this machine.

    `memory` is in bytes. `starts` has the seconds to start and join one worker, by kind: "thread",
    then each start method. `round_trip` is the seconds of a short message and its answer.
    """

    cores: int
    memory: int
    starts: dict[str, float]
    round_trip: float

    def in_words(self) -> list[str]:
        """Return the profile as sentences."""
        cost = ", ".join(f"{name} {seconds * 1e3:.2f} ms" for name, seconds in self.starts.items())
        return [
            f"{self.cores} cores to use, {self.memory / 2**30:.1f} GiB of memory",
            f"starting and joining one that does nothing: {cost}",
            f"a short message to another process and back: {self.round_trip * 1e6:.0f} µs",
        ]


def about() -> list[str]:
    """Return sentences about this interpreter and system, without measuring anything."""
    methods = ", ".join(m for m in executors.START_METHODS if not executors.why_missing(m))
    return [
        f"Python {platform.python_version()}, {'with' if has_gil() else 'without'} a GIL, "
        f"on {platform.system()}",
        f"ways to start a process: {methods}; the default here is {default_start_method()}",
        f"cores: {os.cpu_count()} in the machine, {usable_cores()} to use",
        f"memory: {psutil.virtual_memory().total / 2**30:.1f} GiB in all, "
        f"{psutil.virtual_memory().available / 2**30:.1f} GiB free",
    ]


def profile(repeats: int = 5) -> Profile:
    """Measure what starting a worker and sending a message costs here; return a Profile.

    This takes a few seconds. Each cost of starting is the median of `repeats` rounds, in which the
    kinds take turns. The profile is kept in the learner's notes, where `known` finds it. Raise
    TypeError or ValueError for `repeats` outside 1 to 100.
    """
    whole_number("repeats", repeats, 1, 100, "Pass how often to start each, e.g. repeats=5.")
    kinds: dict[str, Callable] = {"thread": threading.Thread}
    for method in executors.START_METHODS:
        if not executors.why_missing(method):
            kinds[method] = executors.context(method).Process
    starts = _start_seconds(kinds, repeats)
    measured = Profile(
        usable_cores(), psutil.virtual_memory().total, starts, _round_trip_seconds(200)
    )
    store.keep("machine", "profile", asdict(measured))
    return measured


def known() -> Profile | None:
    """Return the profile that lesson 00 measured on this machine, or None."""
    kept = store.read("machine").get("profile")
    try:
        return Profile(**kept) if kept else None
    except TypeError:  # written by another version of the course
        return None


def _start_seconds(kinds: dict[str, Callable], repeats: int) -> dict[str, float]:
    """Return the seconds to start and join one of each kind, by its name.

    The kinds take turns: five threads in a row last less than the time that another program keeps
    a core, so a busy moment would spoil all five.
    """
    for kind in kinds.values():
        _start_and_join(kind)  # the first one also loads modules, or starts the fork server
    rounds = [{name: _start_and_join(kind) for name, kind in kinds.items()} for _ in range(repeats)]
    return {name: median(one[name] for one in rounds) for name in kinds}


def _start_and_join(kind: Callable) -> float:
    began = perf_counter()
    worker = kind(target=children.nothing)
    worker.start()
    worker.join()
    return perf_counter() - began


def _round_trip_seconds(repeats: int) -> float:
    here, there = multiprocessing.Pipe()
    child = multiprocessing.Process(target=children.echo, args=(there,))
    child.start()
    seconds = []
    try:
        for _ in range(repeats):
            began = perf_counter()
            here.send(1)
            here.recv()
            seconds.append(perf_counter() - began)
        here.send(None)
        child.join()
    finally:  # leave no child, even after an interrupt
        child.kill()
        child.join()
        here.close()
        there.close()
    return median(seconds)
