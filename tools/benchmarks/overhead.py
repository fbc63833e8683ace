"""Measure the overhead of our measurements: `python -m tools.benchmarks.overhead`.

Every number compares two things that take turns in the same minute, and is the median of the
rounds. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import psutil

from helpers.checks import judge_file
from helpers.checks.trial import LABS
from helpers.engines.pool import WarmPool
from helpers.engines.ratios import ratio_by_round
from helpers.measure import machine
from helpers.measure.sweeps import measure, sweep
from helpers.widgets import Explorer
from helpers.workers.compute import count_primes, do_nothing
from tools.stress.lab_answers import answers, says

ROUNDS = 9
MILLISECOND_TASKS, EMPTY_TASKS = 1_500, 20_000


@dataclass(frozen=True)
class Bound:
    """A number with its bound: at most `target`, or at least, as `at_least` says."""

    says: str
    value: float
    target: float
    at_least: bool = False
    unit: str = ""

    @property
    def holds(self) -> bool:
        """Return whether the number is on the right side of its bound."""
        return self.value >= self.target if self.at_least else self.value <= self.target

    def line(self) -> str:
        """Return a line with the number, its bound, and whether it holds here."""
        bound = f"at {'least' if self.at_least else 'most'} {self.target:g}{self.unit}"
        verdict = "holds" if self.holds else "DOES NOT HOLD"
        return f"{self.value:7.3f}{self.unit}  ({bound}: {verdict})  {self.says}"


def seconds(work: Callable[[], object]) -> float:
    """Return how many seconds one call takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def in_turns(ours: Callable[[], object], bare: Callable[[], object], says: str) -> float:
    """Return our time as a multiple of the bare executor's; print it with both sides' range."""
    pairs = [(seconds(ours), seconds(bare)) for _ in range(ROUNDS)]
    of_ours, of_bare = zip(*pairs, strict=True)
    for name, values in (("measure", of_ours), ("bare", of_bare)):
        print(f"  {says}: {name:8} {in_range(values)} s")
    ratio = ratio_by_round(of_ours, of_bare)
    print(f"  {says}: ratio    {ratio:.3f}")
    return ratio.median


def in_range(values: Sequence[float], digits: int = 3) -> str:
    """Return the median of the values, with the lowest and the highest."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def millisecond_tasks() -> list[range]:
    """Return tasks that take about a millisecond each on this machine."""
    probe = range(10**6, 10**6 + 2_000)
    middle = median(seconds(lambda: count_primes(probe)) for _ in range(5))
    return [range(10**6, 10**6 + int(len(probe) * 1e-3 / middle))] * MILLISECOND_TASKS


def whole_call(worker: Callable, tasks: Sequence, chunksize: int, says: str) -> float:
    """Return the time of `measure` divided by a bare executor's, both with their start-up."""

    def bare() -> None:
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(worker, tasks, chunksize=chunksize))

    def ours() -> None:
        measure(worker, tasks, "processes", workers=2, chunksize=chunksize)

    return in_turns(ours, bare, says)


def work_alone(worker: Callable, tasks: list, chunksize: int, says: str) -> float:
    """Return the same as `whole_call`, but with workers that have already started."""
    with WarmPool("processes", 2) as warm, ProcessPoolExecutor(2) as pool:
        list(pool.map(do_nothing, range(100)))
        return in_turns(
            lambda: warm.round(worker, tasks, chunksize),
            lambda: list(pool.map(worker, tasks, chunksize=chunksize)),
            says,
        )


def of_ceiling() -> float:
    """Return the speedup of two processes that count primes, as a share of the ceiling."""
    tasks = [range(start, start + 5_000) for start in range(10**6, 10**6 + 200_000, 5_000)]
    result = sweep(count_primes, tasks, engines=("processes",), workers=(2,), rounds=ROUNDS)
    run = result.run("processes", 2)
    print(
        f"  primes: loop {in_range(result.baseline.walls)} s, 2 processes {in_range(run.walls)} s, "
        f"ceiling {result.ceilings[2]:.2f} times"
    )
    for said in result.disturbed():
        print(f"  {said}")
    return result.of_ceiling("processes", 2)


def redraw() -> float:
    """Return the median milliseconds that the explorer takes to draw what it has measured."""
    explorer = Explorer("primes")
    values = [seconds(explorer.redraw) * 1e3 for _ in range(ROUNDS + 1)][1:]
    print(f"  explorer: {in_range(values, 0)} ms")
    return median(values)


def slowest_check() -> float:
    """Return the seconds that the check of a right answer takes in the slowest lab."""
    return max(map(seconds_of_check, LABS))


def seconds_of_check(lab: str) -> float:
    """Return the median seconds that the check of one right answer to that lab takes."""
    answer = next(file for file in answers(lab) if says(file).startswith("Right"))
    values = [seconds(lambda: judge_file(lab, answer)) for _ in range(ROUNDS)]
    print(f"  check of lab {lab}: {in_range(values, 2)} s")
    return median(values)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every ratio; return 0 if all hold here, else 1."""
    argparse.ArgumentParser(
        prog="python -m tools.benchmarks.overhead", description=__doc__.splitlines()[0]
    ).parse_args(arguments)
    busy = psutil.cpu_percent(interval=1)
    print(*machine.about(), f"the machine was {busy:.0f}% busy with other things", sep="\n")
    short, empty = millisecond_tasks(), list(range(EMPTY_TASKS))
    found = [
        Bound("tasks of 1 ms, whole calls", whole_call(count_primes, short, 1, "1 ms"), 1.05),
        Bound(
            "tasks of 1 ms, warm workers", work_alone(count_primes, short, 1, "1 ms, warm"), 1.05
        ),
        Bound("20,000 empty tasks, one by one", whole_call(do_nothing, empty, 1, "empty"), 2),
        Bound("20,000 empty tasks in 100s", whole_call(do_nothing, empty, 100, "empty, 100s"), 2),
        Bound("primes: 2 processes of their ceiling", of_ceiling(), 0.95, at_least=True),
        Bound("explorer's redraw", redraw(), 100, unit=" ms"),
        Bound("the longest check of a right answer", slowest_check(), 3, unit=" s"),
    ]
    print()
    for ratio in found:
        print(ratio.line())
    return 0 if all(ratio.holds for ratio in found) else 1


if __name__ == "__main__":
    sys.exit(main())
