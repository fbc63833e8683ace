"""What a pool will cost before it is built: a model of four numbers, and when it pays.

    a loop:  tasks × seconds
    a pool:  workers × start + tasks × (task + carried × byte) + tasks × seconds / cores at work

It takes sending and computing for one after the other, while in truth they overlap, so it is on
the careful side.
"""

from __future__ import annotations

import math
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from time import perf_counter

from helpers.engines import executors
from helpers.measure.machine import Profile, default_start_method
from helpers.validation import bad_type, number, one_of, whole_number
from helpers.workers import children
from helpers.workers.compute import do_nothing

_CARRIED = 4_000_000  # bytes of the message that tells what a byte costs


@dataclass(frozen=True)
class Costs:
    """Seconds: to start a worker, to send a task and its result, for each byte that a task carries.

    `cores` is how many workers can really work at once.
    """

    start: float
    task: float
    byte: float
    cores: int

    def loop(self, tasks: int, seconds: float) -> float:
        """Seconds that a loop takes for so many tasks of so many seconds."""
        return _tasks(tasks) * _seconds(seconds)

    def pool(self, tasks: int, seconds: float, workers: int, carried: int = 0) -> float:
        """Seconds that a new pool takes, from its start to the last result."""
        return sum(self.parts(tasks, seconds, workers, carried).values())

    def parts(self, tasks: int, seconds: float, workers: int, carried: int = 0) -> dict[str, float]:
        """The same, by what it is spent on: starting, sending tasks, carrying bytes, working."""
        whole_number("carried", carried, 0, 10**12, "Pass bytes a task, e.g. 0.")
        return {
            "starting workers": _workers(workers) * self.start,
            "sending tasks": _tasks(tasks) * self.task,
            "carrying bytes": tasks * carried * self.byte,
            "working": tasks * _seconds(seconds) / min(workers, self.cores, tasks),
        }

    def speedup(self, tasks: int, seconds: float, workers: int, carried: int = 0) -> float:
        """How many times as fast as a loop a new pool is."""
        return self.loop(tasks, seconds) / self.pool(tasks, seconds, workers, carried)

    def break_even(self, tasks: int, workers: int, carried: int = 0) -> float:
        """Seconds of the smallest task for which a new pool is no slower than a loop.

        Infinite where no more than one core can work.
        """
        at_work = min(_workers(workers), self.cores, _tasks(tasks))
        if at_work < 2:
            return math.inf
        paid = self.pool(tasks, 0.0, workers, carried)
        return paid / tasks * at_work / (at_work - 1)

    def warm(self) -> Costs:
        """The same with workers that stand ready."""
        return Costs(0.0, self.task, self.byte, self.cores)


def from_profile(profile: Profile, method: str | None = None, byte: float = 0.0) -> Costs:
    """The costs that the machine's profile tells, with that start method (the default, if None).

    A task is taken for one short message and its answer, by a pipe.
    """
    if not isinstance(profile, Profile):
        raise bad_type("profile", profile, "a Profile", "Pass machine.known() or .profile().")
    usual = default_start_method()
    start = profile.starts[one_of("method", method or usual, tuple(profile.starts), "Pick one.")]
    return Costs(start, profile.round_trip, byte, profile.cores)


def byte_seconds(tries: int = 3) -> float:
    """Seconds that a byte takes to another process, pickled, by a pipe: the best of some tries."""
    whole_number("tries", tries, 1, 100, "Pass how often to try, e.g. 3.")
    here, there = multiprocessing.Pipe()
    child = multiprocessing.Process(target=children.echo, args=(there,))
    child.start()
    try:
        best = min(_there_and_back(here) for _ in range(tries))
        here.send(None)
        child.join()
    finally:  # an interrupt too leaves no child
        child.kill()
        child.join()
        here.close()
        there.close()
    return best / (2 * _CARRIED)


def _there_and_back(here: multiprocessing.connection.Connection) -> float:
    message = bytes(_CARRIED)
    began = perf_counter()
    here.send(message)
    here.recv()
    return perf_counter() - began


def task_seconds(workers: int = 2, tasks: int = 300, rounds: int = 5) -> float:
    """Seconds that a ProcessPoolExecutor takes for a task that does nothing: best of `rounds`."""
    whole_number("workers", workers, 1, executors.MAX_WORKERS, "Pass how many, e.g. workers=2.")
    whole_number("rounds", rounds, 1, 1_000, "Pass how often to repeat, e.g. rounds=5.")
    times = []
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(do_nothing, range(_tasks(tasks))))  # the workers stand ready now
        for _ in range(rounds):
            began = perf_counter()
            list(pool.map(do_nothing, range(tasks)))
            times.append(perf_counter() - began)
    return min(times) / tasks


def _tasks(tasks: object) -> int:
    return whole_number("tasks", tasks, 1, 10**9, "Pass how many tasks, e.g. 100.")


def _workers(workers: object) -> int:
    return whole_number("workers", workers, 1, 10_000, "Pass how many workers, e.g. 2.")


def _seconds(seconds: object) -> float:
    return number("seconds", seconds, 0, 1e9, "Pass the seconds of one task, e.g. 0.01.")
