"""The machine's ceiling: the seconds in which independent interpreters do the same tasks.

each interpreter does one task -> one of them times every task -> the tasks are divided into shares
-> go -> each does its share -> the last end counts

This is strong scaling: n interpreters divide the same work. They share nothing, and while the clock
runs they neither receive nor send anything. No engine with n workers can be faster here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from itertools import pairwise
from time import perf_counter

from helpers.engines.pool import Progress, WorkFailed
from helpers.measure.interpreter import OtherInterpreter
from helpers.validation import shown

_CLEARLY = 1.1  # if dealing by number takes this many times as long, the tasks differ in length


class CeilingMeter:
    """A meter of the machine's ceiling, for each number of interpreters in `counts`.

    Each number has interpreters of its own, and each of these its share of the tasks: see `shares`.
    All of them are ready when the meter is made, and end with `stack`. Making it raises the same
    errors as `run`.
    """

    def __init__(
        self,
        stack: ExitStack,
        worker: Callable,
        tasks: list,
        counts: Iterable[int],
        stop: threading.Event | None = None,
    ) -> None:
        self.counts = sorted(set(counts))
        self.walls: dict[int, list[float]] = {n: [] for n in self.counts}
        self._worker, self._tasks, self._stop = worker, tasks, stop
        # There is no interpreter without a task: more workers than tasks are of no use.
        self._teams = {
            n: [stack.enter_context(OtherInterpreter()) for _ in range(min(n, len(tasks)))]
            for n in self.counts
        }
        self._divide()

    def _divide(self) -> None:
        """Measure each task, give each interpreter its share, and wait until all have it.

        Each interpreter does one task first, because a first task may take longer than all others:
        it imports what it needs. All this is over before the first round: interpreters that start
        would take the cores from the loop that is measured.
        """
        measuring, *others = [one for team in self._teams.values() for one in team]
        for interpreter in others:
            interpreter.load_call(do_all, worker=self._worker, tasks=self._tasks[:1])
            interpreter.go()
        for interpreter in others:
            interpreter.result(stop=self._stop)
        measuring.load_call(seconds_of_each, worker=self._worker, tasks=self._tasks)
        measuring.go()
        seconds = measuring.result(stop=self._stop)
        for n, team in self._teams.items():
            for interpreter, share in zip(team, shares(seconds, n), strict=True):
                mine = [self._tasks[i] for i in share]
                interpreter.load_call(do_all, worker=self._worker, tasks=mine)
        for team in self._teams.values():
            for interpreter in team:
                interpreter.wait_until_loaded(self._stop)

    def run(self, count: int) -> None:
        """Let `count` interpreters do the work, and add the seconds to `walls[count]`.

        Raise WorkFailed if a task fails, and Stopped once the event `stop` is set.
        """
        began = perf_counter()
        for interpreter in self._teams[count]:
            interpreter.go()
        ends = [interpreter.result(stop=self._stop) for interpreter in self._teams[count]]
        self.walls[count].append(max(ends) - began)


def shares(seconds: Sequence[float], count: int) -> list[list[int]]:
    """Return the tasks of each of `count` interpreters, as indices; none is empty.

    Tasks are dealt out in turns: the first to the first interpreter, and so on. If the seconds show
    that one interpreter would then need clearly longer than the others, the longest task comes
    first, and each goes to the interpreter that has the least to do so far.
    """
    count = min(count, len(seconds))
    dealt = [list(range(first, len(seconds), count)) for first in range(count)]
    by_length: list[list[int]] = [[] for _ in range(count)]
    loads = [0.0] * count
    for i in sorted(range(len(seconds)), key=lambda i: -seconds[i]):
        least = min(range(count), key=lambda one: (loads[one], len(by_length[one])))
        by_length[least].append(i)
        loads[least] += seconds[i]
    slowest = max(sum(seconds[i] for i in share) for share in dealt)
    return by_length if slowest > _CLEARLY * max(loads) else dealt


def seconds_of_each(
    worker: Callable, tasks: list, progress: Progress, stop: threading.Event
) -> list[float]:
    """Return the seconds of each task: the lower of two. Runs in an interpreter of its own.

    The first task of all may import what it needs, and another program may have the core for a
    moment. Neither makes the task a long one, which `shares` would deal out first.
    """
    passes = []
    for _ in range(2):
        ends = [perf_counter()]
        for task in tasks:
            _do(worker, task)
            ends.append(perf_counter())
        passes.append([end - start for start, end in pairwise(ends)])
    return [min(both) for both in zip(*passes, strict=True)]


def do_all(worker: Callable, tasks: list, progress: Progress, stop: threading.Event) -> float:
    """Do all tasks and return the moment of the end. Runs in an interpreter of its own.

    `time.perf_counter` is system-wide, so the parent can compare it with its own. The results are
    thrown away: to send them would be communication.
    """
    for task in tasks:
        _do(worker, task)
    return perf_counter()


def do_first(worker: Callable, tasks: list) -> None:
    """Do the first task in this process, before any clock runs.

    That task may import modules or fill caches that later ones use. The meter's interpreters do
    one, too. Raise WorkFailed if it fails.
    """
    _do(worker, tasks[0], "in this process")


def _do(worker: Callable, task: object, where: str = "in an interpreter of its own") -> None:
    """Do a task; raise WorkFailed, which names it, if it fails."""
    try:
        worker(task)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        raise WorkFailed(f"Task {shown(task)} failed {where}: {words}") from error
