"""A comparison of several programs for one problem: a plain loop, each program, the ceiling.

    compare_programs(loop, {"pixels travel": program, …}, worker, tasks)  ->  ProgramComparison

A program is a function of an executor, as a learner writes it. All programs use the same worker
processes, which are ready before the first measurement. The ceiling is what as many independent
interpreters make of the same tasks, divided among them. No workers can do more here. But in a
program, this process may work beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from time import perf_counter, process_time

from helpers.engines.executors import MAX_WORKERS
from helpers.engines.pool import (
    Progress,
    WarmPool,
    check_counts,
    check_hooks,
    check_tasks,
    check_worker,
)
from helpers.engines.ratios import Ratio, disturbance, ratio_by_round
from helpers.engines.records import no_room
from helpers.measure.ceiling import CeilingMeter
from helpers.measure.cpu_load import CpuLoadMeter
from helpers.measure.rounds import ROUNDS, take_rounds
from helpers.validation import bad_type, bad_value, whole_number

Program = Callable[[Executor], object]
NEAR = 0.9  # of the ceiling: what a good design reaches
_OWN = 0.1  # of the loop's time: if this process uses more during a program, the words say so
_BUSY = 0.25  # cores for each worker: if other programs use more, our times say little


@dataclass(frozen=True)
class ProgramComparison:
    """The result of `compare_programs`. Times are the seconds of each round.

    `walls` has the times of each program by name, and `loops` those of the plain loop.
    `ceiling_walls` is how long `workers` independent interpreters took for the same tasks, divided
    among them. `others` is how many cores other programs kept busy in the meantime, on average.
    `own_cpus` has the CPU seconds that this process used during each program.
    """

    workers: int
    loops: tuple[float, ...]
    walls: dict[str, tuple[float, ...]]
    ceiling_walls: tuple[float, ...]
    others: float
    result: object = field(repr=False)
    results: dict[str, object] = field(repr=False)
    own_cpus: dict[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def rounds(self) -> int:
        """Return how many rounds were measured."""
        return len(self.loops)

    @property
    def loop(self) -> float:
        """Return the seconds of the loop, in the median round."""
        return median(self.loops)

    @property
    def ceiling(self) -> Ratio:
        """Return the machine's ceiling, as a speedup over the loop."""
        return ratio_by_round(self.loops, self.ceiling_walls)

    @property
    def right(self) -> bool:
        """Return whether every program has the same result as the loop."""
        return all(result == self.result for result in self.results.values())

    @property
    def last(self) -> str:
        """Return the name of the last program, the one that the others lead to."""
        return list(self.walls)[-1]

    def speedup(self, name: str) -> float:
        """Return how many times as fast as the loop that program was: the median of the rounds."""
        return self.speedup_range(name).median

    def speedup_range(self, name: str) -> Ratio:
        """Return how many times as fast as the loop that program was, in all rounds."""
        return ratio_by_round(self.loops, self.walls[name])

    def speedup_over(self, other: str, name: str) -> Ratio:
        """Return how many times as fast as program `other` program `name` was, in all rounds."""
        return ratio_by_round(self.walls[other], self.walls[name])

    def of_ceiling(self, name: str) -> float:
        """Return that program's share of the machine's ceiling: the median of the rounds."""
        return self.of_ceiling_range(name).median

    def of_ceiling_range(self, name: str) -> Ratio:
        """Return that program's share of the machine's ceiling, in all rounds."""
        return ratio_by_round(self.ceiling_walls, self.walls[name])

    def own_share(self, name: str) -> float:
        """Return the CPU time of this process during that program, in loops: the median."""
        own = self.own_cpus.get(name, (0.0,) * self.rounds)
        return ratio_by_round(own, self.loops).median

    def bound(self, name: str) -> Ratio:
        """Return how many times as fast as the loop that program can be at best.

        This process may do a part of the work, as one core more. What is left for the workers takes
        them as long as independent interpreters, or longer.
        """
        own = self.own_cpus.get(name, (0.0,) * self.rounds)
        at_best = [
            max(wall * (1 - cpu / loop), cpu)
            for wall, cpu, loop in zip(self.ceiling_walls, own, self.loops, strict=True)
        ]
        return ratio_by_round(self.loops, at_best)

    @property
    def near(self) -> bool:
        """Return whether the last program reached nine tenths of the ceiling, in the median."""
        return self.of_ceiling(self.last) >= NEAR

    def disturbed(self) -> list[str]:
        """Return a sentence for each program above its bound: other programs disturbed it."""
        said = [
            disturbance(name, self.speedup_range(name), self.bound(name)) for name in self.walls
        ]
        return list(filter(None, said))

    @property
    def no_room(self) -> str:
        """Return why no program could show a speedup here; an empty string if one could.

        A machine with one core, or one that other programs keep busy, has no room for a second
        worker.
        """
        if reason := no_room(self.workers, self.ceiling):
            return reason
        if self.others > _BUSY * self.workers and not self.near:
            return f"other programs kept {self.others:.1f} cores busy meanwhile"
        return ""

    def in_words(self) -> list[str]:
        """Return what `plot_programs` shows as sentences."""
        each = [
            f"{name}: {self.speedup_range(name):.2f} times as fast as one loop, "
            f"{self.of_ceiling(name):.0%} of the ceiling{self._own_part(name)}"
            for name in self.walls
        ]
        return [
            f"one loop takes {self.loop:.3f} s; medians of {self.rounds} rounds, "
            "in brackets the lowest and the highest",
            *each,
            f"this machine's ceiling with {self.workers} workers: {self.ceiling:.2f} times",
            f"nine tenths of the ceiling: {self._verdict()}",
            *self.disturbed(),
        ]

    def _own_part(self, name: str) -> str:
        share = self.own_share(name)
        return f"; this process itself computed for {share:.0%} of a loop" if share > _OWN else ""

    def _verdict(self) -> str:
        words = f"reached by {self.last!r}: {self.of_ceiling_range(self.last):.2f}"
        if not self.near:
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
    rounds: int = ROUNDS,
    progress: Progress | None = None,
) -> ProgramComparison:
    """Compare the programs with a plain loop and with the machine's ceiling; return the result.

    `loop` does the whole work in this process. Each program does it with the executor that it
    receives. For the ceiling, independent interpreters call `worker` with each of `tasks`, which
    are the same work, cut well and into at least as many tasks as `workers`. In each of the
    `rounds`, the loop, each program and the ceiling take one turn.

    Raise TypeError or ValueError for arguments that can't be used, and whatever a program raises.
    No process is left in any case, not even after an interrupt.
    """
    _check_programs(loop, programs)
    check_worker(worker, leaves_this_process=True)
    tasks = check_tasks(tasks)
    whole_number("workers", workers, 1, MAX_WORKERS, "Pass how many, e.g. workers=2.")
    if len(tasks) < workers:
        advice = "Cut the work: the ceiling is what independent workers make of it together."
        raise bad_value("tasks", tasks, "at least as many as workers", advice)
    check_counts(rounds, 1)
    check_hooks(progress, None)
    with ExitStack() as stack:
        pool = stack.enter_context(WarmPool("processes", workers, worker))
        meter = CeilingMeter(stack, worker, tasks, [workers])
        turns = _Turns(loop, programs, pool.executor, meter, CpuLoadMeter())
        take_rounds([turns.take], rounds, progress=progress)
        return turns.comparison()


class _Turns:
    """The times of all rounds so far, and the latest results."""

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
        self._loops: list[float] = []
        self._walls: dict[str, list[float]] = {name: [] for name in programs}
        self._results: dict[str, object] = {}
        self._own: dict[str, list[float]] = {name: [] for name in programs}

    def take(self) -> None:
        """Run the loop, each program and the ceiling once."""
        self._loop_result = _timed(self._loop, self._loops)
        for name, program in self._programs.items():
            work = partial(program, self._executor)
            cpu = process_time()
            self._results[name] = _timed(work, self._walls[name])
            self._own[name].append(process_time() - cpu)
        for count in self._meter.counts:
            self._meter.run(count)

    def comparison(self) -> ProgramComparison:
        """Return the result of the rounds so far."""
        workers = self._meter.counts[-1]
        return ProgramComparison(
            workers=workers,
            loops=tuple(self._loops),
            walls={name: tuple(seconds) for name, seconds in self._walls.items()},
            ceiling_walls=tuple(self._meter.walls[workers]),
            others=self._load.cores_used_by_others(),
            result=self._loop_result,
            results=dict(self._results),
            own_cpus={name: tuple(seconds) for name, seconds in self._own.items()},
        )


def _timed(work: Callable[[], object], seconds: list[float]) -> object:
    """Return what the work returns, and add the seconds that it took."""
    began = perf_counter()
    result = work()
    seconds.append(perf_counter() - began)
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
