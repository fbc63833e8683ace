"""Several programs for one problem, measured in turns: one loop, each program, the ceiling.

    climb(loop, {"pixels travel": program, …}, worker, tasks)  ->  Climb

A program is a function of an executor, as a learner writes it. All of them use the same worker
processes, which stand ready before the first clock runs. The ceiling is what as many independent
interpreters, which share nothing, did in the same minute, each the whole work: the most that any
program could reach here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

import psutil

from helpers.engines.executors import MAX_WORKERS
from helpers.engines.pool import (
    Progress,
    WarmPool,
    check_counts,
    check_hooks,
    check_tasks,
    check_worker,
)
from helpers.engines.records import ROOM
from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.rounds import take_rounds
from helpers.validation import bad_type, bad_value, number, whole_number


class CeilingMeter:
    """Independent interpreters, which share nothing, that each do the whole work at the same time.

    Their throughput, as a multiple of a single interpreter's, is the most that any engine could
    reach on this machine. `counts` are the numbers of interpreters to measure, ascending, always
    with 1. All of them end with `stack`.
    """

    def __init__(
        self,
        stack: ExitStack,
        worker: Callable,
        tasks: list,
        counts: Iterable[int],
        stop: threading.Event | None = None,
    ) -> None:
        self.counts = sorted({1, *counts})
        self._stop = stop
        self._best_seconds: dict[int, float] = {}
        self._interpreters = [
            stack.enter_context(OtherInterpreter()) for _ in range(self.counts[-1])
        ]
        for interpreter in self._interpreters:
            interpreter.load(worker, tasks)

    def run(self, count: int) -> None:
        """Let `count` interpreters do the whole work at the same time, and keep the best time."""
        began = perf_counter()
        for interpreter in self._interpreters[:count]:
            interpreter.go()
        for interpreter in self._interpreters[:count]:
            interpreter.result(stop=self._stop)
        seconds = perf_counter() - began
        self._best_seconds[count] = min(seconds, self._best_seconds.get(count, seconds))

    def ceiling(self, count: int) -> float:
        """Return how many times as much as one interpreter `count` of them did."""
        return count * self._best_seconds[1] / self._best_seconds[count]


class Account:
    """The machine's CPU time and ours, from now on."""

    def __init__(self) -> None:
        self._machine, self._ours, self._began = _machine_seconds(), _our_seconds(), perf_counter()

    def others(self) -> float:
        """How many cores programs that are not ours have kept busy since, on average."""
        ours = sum(now - self._ours.get(pid, 0.0) for pid, now in _our_seconds().items())
        busy = _machine_seconds() - self._machine - ours
        return max(0.0, busy / max(1e-9, perf_counter() - self._began))


def _machine_seconds() -> float:
    """Return the CPU seconds of all processes since the machine was started."""
    times = psutil.cpu_times()._asdict()
    idle = ("idle", "iowait", "guest", "guest_nice")  # a guest's are among the user's, too
    return sum(seconds for name, seconds in times.items() if name not in idle)


def _our_seconds() -> dict[int, float]:
    """CPU seconds of this process and of each that it has started, by process id."""
    here = psutil.Process()
    found = {}
    for process in (here, *here.children(recursive=True)):
        with suppress(psutil.Error):  # it has ended meanwhile
            times = process.cpu_times()
            found[process.pid] = times.user + times.system
    return found


Program = Callable[[Executor], object]
NEAR = 0.9  # of the ceiling: what a good design reaches
LUCK = 1.1  # of the ceiling: above, one of the two was measured in a bad moment
_WORTH = 0.75  # of a core each: what independent interpreters reach where no other program computes
_BUSY = 0.25  # cores a worker: what others may use before our times say little about us


@dataclass(frozen=True)
class Climb:
    """The result of `climb`. Times are the seconds of the best round.

    `walls` has each program's time by its name, `loop` the plain loop's; `ceiling` is how many
    times as much as one independent interpreter `workers` of them did. `others` is how many cores
    programs that are not ours kept busy meanwhile, on average.
    """

    workers: int
    loop: float
    walls: dict[str, float]
    ceiling: float
    others: float
    rounds: int
    result: object = field(repr=False)
    results: dict[str, object] = field(repr=False)

    @property
    def right(self) -> bool:
        """Whether every program's result is the loop's."""
        return all(result == self.result for result in self.results.values())

    @property
    def last(self) -> str:
        """The name of the last program: the one that the others lead to."""
        return list(self.walls)[-1]

    def speedup(self, name: str) -> float:
        """How many times as fast as the loop that program was."""
        return self.loop / self.walls[name]

    def of_ceiling(self, name: str) -> float:
        """Its speedup as a share of the machine's ceiling."""
        return self.speedup(name) / self.ceiling

    @property
    def near(self) -> bool:
        """Whether the last program reached nine tenths of the ceiling."""
        return self.of_ceiling(self.last) >= NEAR

    @property
    def settled(self) -> bool:
        """Whether more rounds are not likely to change the picture.

        The last program is near the ceiling and not far above it, which only luck can bring about,
        and the ceiling is not far below what so many cores are worth.
        """
        share = self.of_ceiling(self.last)
        return NEAR <= share <= LUCK and self.ceiling >= _WORTH * self.workers

    @property
    def no_room(self) -> str:
        """Why no program could show a speedup here, in words; empty if one could.

        A machine of one core, or one whose cores others use, has no room for a second worker.
        """
        if self.ceiling < ROOM:
            return f"{self.workers} independent programs together were {self.ceiling:.2f} times one"
        if self.others > _BUSY * self.workers and not self.near:
            return f"other programs kept {self.others:.1f} cores busy meanwhile"
        return ""

    def in_words(self) -> list[str]:
        """What the picture of it shows, as sentences."""
        each = [
            f"{name}: {self.speedup(name):.2f} times as fast as one loop, "
            f"{self.of_ceiling(name):.0%} of the ceiling"
            for name in self.walls
        ]
        return [
            f"one loop takes {self.loop:.3f} s; best of {self.rounds} rounds",
            *each,
            f"this machine's ceiling with {self.workers} workers: {self.ceiling:.2f} times",
            f"nine tenths of the ceiling: {self._verdict()}",
        ]

    def _verdict(self) -> str:
        share = self.of_ceiling(self.last)
        words = f"reached by {self.last!r} ({share:.2f})"
        if share > LUCK:
            words = f"not to be told: the ceiling was measured in a bad moment ({share:.2f})"
        elif not self.near:
            words = f"not {words}"
        if self.others > _BUSY * self.workers:
            words += f"; other programs kept {self.others:.1f} cores busy meanwhile"
        return words


def climb(
    loop: Callable[[], object],
    programs: dict[str, Program],
    worker: Callable,
    tasks: object,
    *,
    workers: int = 2,
    rounds: int = 8,
    patience: float = 6.0,
    enough: Callable[[Climb], bool] | None = None,
    progress: Progress | None = None,
) -> Climb:
    """The programs, held against the plain loop and against the ceiling: a Climb.

    `loop` does the whole work in this process; each program does it with the executor that it is
    given; independent interpreters do it by calling `worker` with each of `tasks`. It takes
    `rounds` rounds at most, begins none after `patience` seconds, and ends from the third on
    where `enough(climb)` says so; if nothing is given, where the climb is `settled`.

    Raises TypeError or ValueError for what can't be used, and what a program raises. After an
    interrupt, too, no process is left.
    """
    _check_programs(loop, programs)
    check_worker(worker, leaves_this_process=True)
    tasks = check_tasks(tasks)
    whole_number("workers", workers, 1, MAX_WORKERS, "Pass how many, e.g. workers=2.")
    check_counts(rounds, 1)
    number("patience", patience, 0, 3600, "Pass seconds, e.g. 6.")
    check_hooks(progress, None, enough)
    with ExitStack() as stack:
        pool = stack.enter_context(WarmPool("processes", workers, worker))
        meter = CeilingMeter(stack, worker, tasks, [workers])
        turns = _Turns(loop, programs, pool.executor, meter, Account())
        return take_rounds(
            [turns.take], rounds, turns.climb, least=3, limit=patience, progress=progress,
            enough=enough or (lambda climb: climb.settled),
        )  # fmt: skip


class _Turns:
    """The best times so far, and the latest results."""

    def __init__(
        self,
        loop: Callable[[], object],
        programs: dict[str, Program],
        executor: Executor,
        meter: CeilingMeter,
        account: Account,
    ) -> None:
        self._loop, self._programs, self._account = loop, programs, account
        self._executor, self._meter = executor, meter
        self._loop_result: object = None
        self._best: dict[str, float] = {}
        self._results: dict[str, object] = {}
        self._rounds = 0

    def take(self) -> None:
        """Run the loop, each program and the ceiling once."""
        self._loop_result = self._timed("", self._loop)
        for name, program in self._programs.items():
            self._results[name] = self._timed(name, partial(program, self._executor))
        for count in self._meter.counts:
            self._meter.run(count)
        self._rounds += 1

    def climb(self) -> Climb:
        """Return the result of the rounds so far."""
        many = self._meter.counts[-1]
        walls = {name: self._best[name] for name in self._programs}
        return Climb(
            workers=many,
            loop=self._best[""],
            walls=walls,
            ceiling=self._meter.ceiling(many),
            others=self._account.others(),
            rounds=self._rounds,
            result=self._loop_result,
            results=dict(self._results),
        )

    def _timed(self, name: str, work: Callable[[], object]) -> object:
        began = perf_counter()
        result = work()
        seconds = perf_counter() - began
        self._best[name] = min(seconds, self._best.get(name, seconds))
        return result


def _check_programs(loop: object, programs: object) -> None:
    if not callable(loop):
        raise bad_type("loop", loop, "a function without arguments", "Pass the serial program.")
    advice = "Pass {'paths travel': by_paths}: functions of an executor, by name."
    if not isinstance(programs, dict):
        raise bad_type("programs", programs, "a dict of name: function", advice)
    if not programs:
        raise bad_value("programs", programs, "a dict with at least one program", advice)
    for name, program in programs.items():
        if not isinstance(name, str) or not callable(program):
            raise bad_type("programs", (name, program), "names and functions", advice)
        if not name:
            raise bad_value("programs", name, "names that are not empty", advice)
