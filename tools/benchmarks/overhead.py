"""Measure the overhead of our measurements: `python -m tools.benchmarks.overhead`.

Each ratio compares two things that take turns in the same minute, each with the best of several
rounds. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from time import perf_counter

import psutil

from helpers.checks import judge_file
from helpers.checks.trial import LABS
from helpers.engines.pool import WarmPool
from helpers.measure import machine
from helpers.measure.sweeps import measure, sweep
from helpers.widgets import Explorer
from helpers.workers.compute import count_primes, do_nothing
from tools.stress.lab_answers import answers, says

ROUNDS = 9
MILLISECOND_TASKS, EMPTY_TASKS = 1_500, 20_000


@dataclass(frozen=True)
class Ratio:
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


def best_in_turns(ours: Callable[[], object], bare: Callable[[], object], says: str) -> float:
    """Return our best time as a multiple of the bare executor's; print both with their spread."""
    pairs = [(seconds(ours), seconds(bare)) for _ in range(ROUNDS)]
    for name, values in zip(("measure", "bare"), zip(*pairs, strict=True), strict=True):
        print(f"  {says}: {name:8} best {min(values):.3f} s, slowest {max(values):.3f} s")
    return min(a for a, _ in pairs) / min(b for _, b in pairs)


def millisecond_tasks() -> list[range]:
    """Return tasks that take about a millisecond each on this machine."""
    probe = range(10**6, 10**6 + 2_000)
    best = min(seconds(lambda: count_primes(probe)) for _ in range(5))
    return [range(10**6, 10**6 + int(len(probe) * 1e-3 / best))] * MILLISECOND_TASKS


def whole_call(worker: Callable, tasks: Sequence, chunksize: int, says: str) -> float:
    """Return the time of `measure` divided by a bare executor's, both with their start-up."""

    def bare() -> None:
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(worker, tasks, chunksize=chunksize))

    def ours() -> None:
        measure(worker, tasks, "processes", workers=2, chunksize=chunksize)

    return best_in_turns(ours, bare, says)


def work_alone(worker: Callable, tasks: list, chunksize: int, says: str) -> float:
    """Return the same as `whole_call`, but with workers that have already started."""
    with WarmPool("processes", 2) as warm, ProcessPoolExecutor(2) as pool:
        list(pool.map(do_nothing, range(100)))
        return best_in_turns(
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
        f"  primes: loop {result.baseline.wall:.3f} s, 2 processes {run.wall:.3f} s "
        f"(spread {run.spread:.3f} s), ceiling {result.ceilings[2]:.2f} times"
    )
    return result.of_ceiling("processes", 2)


def redraw() -> float:
    """Return the fewest milliseconds that the explorer takes to draw what it has measured."""
    explorer = Explorer("primes")
    values = [seconds(explorer.draw) * 1e3 for _ in range(ROUNDS + 1)][1:]
    print(f"  explorer: best {min(values):.0f} ms, slowest {max(values):.0f} ms")
    return min(values)


def slowest_check() -> float:
    """Return the seconds that the check of a right answer takes in the slowest lab."""
    return max(map(seconds_of_check, LABS))


def seconds_of_check(lab: str) -> float:
    """Return the fewest seconds that the check of one right answer to that lab takes."""
    answer = next(file for file in answers(lab) if says(file).startswith("Right"))
    values = [seconds(lambda: judge_file(lab, answer)) for _ in range(ROUNDS)]
    print(f"  check of lab {lab}: best {min(values):.2f} s, slowest {max(values):.2f} s")
    return min(values)


def main() -> int:
    """Print every ratio; return 0 if all hold here, else 1."""
    busy = psutil.cpu_percent(interval=1)
    print(*machine.about(), f"the machine was {busy:.0f}% busy with other things", sep="\n")
    short, empty = millisecond_tasks(), list(range(EMPTY_TASKS))
    found = [
        Ratio("tasks of 1 ms, whole calls", whole_call(count_primes, short, 1, "1 ms"), 1.05),
        Ratio(
            "tasks of 1 ms, warm workers", work_alone(count_primes, short, 1, "1 ms, warm"), 1.05
        ),
        Ratio("20,000 empty tasks, one by one", whole_call(do_nothing, empty, 1, "empty"), 2),
        Ratio("20,000 empty tasks in 100s", whole_call(do_nothing, empty, 100, "empty, 100s"), 2),
        Ratio("primes: 2 processes of their ceiling", of_ceiling(), 0.95, at_least=True),
        Ratio("explorer's redraw", redraw(), 100, unit=" ms"),
        Ratio("the longest check of a right answer", slowest_check(), 3, unit=" s"),
    ]
    print()
    for ratio in found:
        print(ratio.line())
    return 0 if all(ratio.holds for ratio in found) else 1


if __name__ == "__main__":
    sys.exit(main())
