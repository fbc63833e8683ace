"""A comparison of several programs for one problem: a plain loop, each program, the ceiling.

    compare_programs(loop, {"pixels travel": program, …}, worker, tasks)  ->  ProgramComparison

A program is a function of an executor, as a learner writes it. All programs use the same worker
processes, which are ready before the first measurement. The ceiling is the throughput of as many
independent interpreters in the same minute. No program can do more here.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

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
from helpers.measure.ceiling import CeilingMeter
from helpers.measure.cpu_load import CpuLoadMeter
from helpers.measure.rounds import take_rounds
from helpers.validation import bad_type, bad_value, number, whole_number

Program = Callable[[Executor], object]
NEAR = 0.9  # of the ceiling: what a good design reaches
LUCK = 1.1  # of the ceiling: above this, the ceiling was measured too low
_WORTH = 0.75  # of a core each: what independent interpreters reach on an idle machine
_BUSY = 0.25  # cores for each worker: if other programs use more, our times say little


@dataclass(frozen=True)
class ProgramComparison:
    """The result of `compare_programs`. Times are the seconds of the best round.

    `walls` has the time of each program by name, and `loop` is the time of the plain loop.
    `ceiling` is the throughput of `workers` independent interpreters, as a multiple of one.
    `others` is how many cores other programs kept busy in the meantime, on average.
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
        """Return whether every program has the same result as the loop."""
        return all(result == self.result for result in self.results.values())

    @property
    def last(self) -> str:
        """Return the name of the last program, the one that the others lead to."""
        return list(self.walls)[-1]

    def speedup(self, name: str) -> float:
        """Return how many times as fast as the loop that program was."""
        return self.loop / self.walls[name]

    def of_ceiling(self, name: str) -> float:
        """Return that program's speedup as a share of the machine's ceiling."""
        return self.speedup(name) / self.ceiling

    @property
    def near(self) -> bool:
        """Return whether the last program reached nine tenths of the ceiling."""
        return self.of_ceiling(self.last) >= NEAR

    @property
    def settled(self) -> bool:
        """Return whether more rounds are unlikely to change the picture.

        This holds if the last program is near the ceiling but not far above it, and the ceiling is
        not far below the number of workers. A program can only be above the ceiling by chance.
        """
        share = self.of_ceiling(self.last)
        return NEAR <= share <= LUCK and self.ceiling >= _WORTH * self.workers

    @property
    def no_room(self) -> str:
        """Return why no program could show a speedup here; an empty string if one could.

        A machine with one core, or one that other programs keep busy, has no room for a second
        worker.
        """
        if self.ceiling < ROOM:
            return f"{self.workers} independent programs together were {self.ceiling:.2f} times one"
        if self.others > _BUSY * self.workers and not self.near:
            return f"other programs kept {self.others:.1f} cores busy meanwhile"
        return ""

    def in_words(self) -> list[str]:
        """Return what `plot_programs` shows as sentences."""
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
            words = f"unknown: the ceiling was measured in a bad moment ({share:.2f})"
        elif not self.near:
            words = f"not {words}"
        if self.others > _BUSY * self.workers:
            words += f"; other programs kept {self.others:.1f} cores busy meanwhile"
        return words


def compare_programs(
    loop: Callable[[], object],
    programs: dict[str, Program],
    worker: Callable,
    tasks: object,
    *,
    workers: int = 2,
    rounds: int = 8,
    patience: float = 6.0,
    enough: Callable[[ProgramComparison], bool] | None = None,
    progress: Progress | None = None,
) -> ProgramComparison:
    """Compare the programs with a plain loop and with the machine's ceiling; return the result.

    `loop` does the whole work in this process. Each program does it with the executor that it
    receives. Independent interpreters do it by calling `worker` with each of `tasks`. There are at
    most `rounds` rounds, and none starts after `patience` seconds. From the third round on,
    `enough(comparison)` can end them; by default they end once the comparison is `settled`.

    Raise TypeError or ValueError for arguments that can't be used, and whatever a program raises.
    No process is left in any case, not even after an interrupt.
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
        turns = _Turns(loop, programs, pool.executor, meter, CpuLoadMeter())
        return take_rounds(
            [turns.take], rounds, turns.comparison, least=3, limit=patience, progress=progress,
            enough=enough or (lambda found: found.settled),
        )  # fmt: skip


class _Turns:
    """The best times so far, and the latest results."""

    def __init__(
        self,
        loop: Callable[[], object],
        programs: dict[str, Program],
        executor: Executor,
        meter: CeilingMeter,
        load: CpuLoadMeter,
    ) -> None:
        self._loop, self._programs, self._load = loop, programs, load
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

    def comparison(self) -> ProgramComparison:
        """Return the result of the rounds so far."""
        many = self._meter.counts[-1]
        walls = {name: self._best[name] for name in self._programs}
        return ProgramComparison(
            workers=many,
            loop=self._best[""],
            walls=walls,
            ceiling=self._meter.ceiling(many),
            others=self._load.cores_used_by_others(),
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
