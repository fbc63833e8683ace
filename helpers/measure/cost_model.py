"""A model that predicts from four numbers what a pool will cost, and when it pays off.

    a loop:  tasks × seconds
    a pool:  workers × start + tasks × (task + carried × byte) + tasks × seconds / cores at work

The model adds the times for sending and for computing. In fact they overlap if a core is free for
sending, and then a pool is faster than predicted. If none is, the main process takes time away from
the workers, and a pool can be slower.
"""

from __future__ import annotations

import math
import multiprocessing
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from helpers.measure.machine import Profile, default_start_method
from helpers.validation import bad_type, number, one_of, whole_number
from helpers.workers import children

_CARRIED = 4_000_000  # bytes of the message with which the cost of a byte is measured


@dataclass(frozen=True)
class Costs:
    """The costs in seconds: to start a worker, to send a task and its result, to carry a byte.

    `cores` is how many workers can work at the same time. Each method raises TypeError or
    ValueError for arguments that are out of range.
    """

    start: float
    task: float
    byte: float
    cores: int

    def loop(self, tasks: int, seconds: float) -> float:
        """Return the seconds that a loop takes for this many tasks of this many seconds."""
        return _tasks(tasks) * _seconds(seconds)

    def pool(self, tasks: int, seconds: float, workers: int, carried: int = 0) -> float:
        """Return the seconds that a new pool takes, from its start to the last result."""
        return sum(self.parts(tasks, seconds, workers, carried).values())

    def parts(self, tasks: int, seconds: float, workers: int, carried: int = 0) -> dict[str, float]:
        """Return the seconds of `pool` by part: start workers, send tasks, carry bytes, work."""
        whole_number("carried", carried, 0, 10**12, "Pass bytes a task, e.g. 0.")
        return {
            "starting workers": _workers(workers) * self.start,
            "sending tasks": _tasks(tasks) * self.task,
            "carrying bytes": tasks * carried * self.byte,
            "working": tasks * _seconds(seconds) / min(workers, self.cores, tasks),
        }

    def speedup(self, tasks: int, seconds: float, workers: int, carried: int = 0) -> float:
        """Return how many times as fast as a loop a new pool is."""
        return self.loop(tasks, seconds) / self.pool(tasks, seconds, workers, carried)

    def break_even(self, tasks: int, workers: int, carried: int = 0) -> float:
        """Return the seconds of the smallest task for which a new pool is no slower than a loop.

        Return infinity if only one core can work.
        """
        at_work = min(_workers(workers), self.cores, _tasks(tasks))
        if at_work < 2:
            return math.inf
        paid = self.pool(tasks, 0.0, workers, carried)
        return paid / tasks * at_work / (at_work - 1)

    def warm(self) -> Costs:
        """Return the costs of a pool whose workers are ready: starting them costs nothing."""
        return Costs(0.0, self.task, self.byte, self.cores)


def from_profile(profile: Profile, method: str | None = None, byte: float = 0.0) -> Costs:
    """Return the Costs of the machine's profile, for that start method or the default one.

    A task costs as much as a short message and its answer through a pipe. `byte` is the seconds for
    a byte. Raise TypeError for what is not a Profile, ValueError for a method that it lacks.
    """
    if not isinstance(profile, Profile):
        raise bad_type("profile", profile, "a Profile", "Pass machine.known() or .profile().")
    usual = default_start_method()
    start = profile.starts[one_of("method", method or usual, tuple(profile.starts), "Pick one.")]
    return Costs(start, profile.round_trip, byte, profile.cores)


def byte_seconds(tries: int = 5) -> float:
    """Measure the seconds that a pickled byte takes through a pipe; return the median."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.Process(target=children.echo, args=(there,))
    child.start()
    try:
        seconds = median(_there_and_back(here) for _ in range(tries))
        here.send(None)
        child.join()
    finally:  # leave no child, even after an interrupt
        child.kill()
        child.join()
        here.close()
        there.close()
    return seconds / (2 * _CARRIED)


def _there_and_back(here: multiprocessing.connection.Connection) -> float:
    message = bytes(_CARRIED)
    began = perf_counter()
    here.send(message)
    here.recv()
    return perf_counter() - began


def _tasks(tasks: object) -> int:
    return whole_number("tasks", tasks, 1, 10**9, "Pass how many tasks, e.g. 100.")


def _workers(workers: object) -> int:
    return whole_number("workers", workers, 1, 10_000, "Pass how many workers, e.g. 2.")


def _seconds(seconds: object) -> float:
    return number("seconds", seconds, 0, 1e9, "Pass the seconds of one task, e.g. 0.01.")
