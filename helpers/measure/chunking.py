"""Measurements of the same work cut in several ways, in turns, on the same warm workers.

cuts (name -> tasks, tasks in a message) × engines -> rounds in turns -> a Run of each
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

from helpers.engines.executors import MAX_WORKERS
from helpers.engines.pool import (
    PLAIN_LOOP,
    PlainLoop,
    Progress,
    Round,
    WarmPool,
    check_counts,
    check_hooks,
    check_tasks,
    check_worker,
    open_engine,
    run_of,
)
from helpers.engines.ratios import Ratio
from helpers.engines.records import Run
from helpers.measure.cpu_load import CpuLoadMeter
from helpers.measure.rounds import ROUNDS, take_rounds
from helpers.validation import bad_type, bad_value, number, whole_number
from helpers.workers.compute import FIRST_NUMBER, count_primes
from helpers.workers.payloads import count_with_luggage, numbers_a_second

Runs = dict[tuple[str, str], Run]
_MOST_TASKS = 200  # in a probe of the smallest tasks
_PROBE = 0.02  # seconds of work in a probe of larger tasks
_CROWDED = 0.25  # cores: if other programs use more, two workers do not have two cores


def measure_cuts(
    worker: Callable,
    cuts: Mapping[str, tuple[Sequence, int]],
    engines: Sequence[str] = ("processes",),
    *,
    workers: int = 2,
    rounds: int = ROUNDS,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Runs:
    """Measure every cut under every engine, in turns; return a Run for each (engine, cut name).

    A cut is (tasks, tasks in a message). In each of the `rounds` every engine does every cut once.
    The workers are ready before the first round and stay until the last. Compare tiny tasks with
    the engine 'plain loop', which reads the clock only before and after the loop. Raise the same
    errors as `helpers.measure.sweeps.measure`.
    """
    check_worker(worker, leaves_this_process=True)
    checked = _checked(cuts)
    check_counts(rounds, 1)
    check_hooks(progress, stop)
    done: dict[tuple[str, str], list[Round]] = {
        (engine, name): [] for engine in engines for name in checked
    }
    with ExitStack() as stack:
        pools: dict[str, PlainLoop | WarmPool] = {}
        for engine in dict.fromkeys(engines):
            pools[engine] = open_engine(engine, workers, worker)
            stack.enter_context(pools[engine])

        def take_round_of(engine: str, name: str) -> None:
            tasks, size = checked[name]
            done[engine, name].append(pools[engine].round(worker, tasks, size, stop=stop))

        load = CpuLoadMeter()
        take_rounds(
            [partial(take_round_of, *key) for key in done], rounds, progress=progress, stop=stop
        )
        others = load.cores_used_by_others()
    runs = {key: run_of(worker, pools[key[0]], each) for key, each in done.items()}
    return {key: replace(run, others=others) for key, run in runs.items()}


def cpu_contention(loop: Run) -> str:
    """Return why times say little here: other programs use the cores; empty if they do not.

    The measures are the cores that other programs kept busy during all rounds, and the share of a
    core that the plain loop got, on average over its rounds. Raise TypeError for what is not a Run.
    """
    if not isinstance(loop, Run):
        raise bad_type("loop", loop, "a Run", "Pass the run of a plain loop.")
    if loop.others > _CROWDED:
        return f"other programs kept {loop.others:.1f} cores busy in the meantime"
    return contention_from_share(sum(loop.cpu_of_rounds()) / sum(loop.walls))


def contention_from_share(share: float) -> str:
    """Return what `cpu_contention` returns, from the share of a core that a plain loop got."""
    if share >= 0.8:
        return ""
    return f"a plain loop got {share:.0%} of a core: other programs use this machine"


@dataclass(frozen=True)
class BreakEven:
    """The speedup over a plain loop by the size of a task: `points` are (seconds, Ratio).

    The tasks are sent one by one to ready workers. `contention` says why the times say little;
    it is empty if other programs left the cores to us.
    """

    workers: int
    points: tuple[tuple[float, Ratio], ...]
    contention: str = ""

    @property
    def at(self) -> float | None:
        """Return the size of a task, in seconds, from which on processes are faster than a loop.

        It is where the line through the medians crosses 1 for the last time, or None if processes
        were slower at the last point.
        """
        medians = [(size, speedup.median) for size, speedup in self.points]
        below = [i for i, (_, speedup) in enumerate(medians) if speedup < 1]
        if not below:
            return medians[0][0]
        last = below[-1]
        if last == len(medians) - 1:
            return None
        (low, slow), (high, fast) = medians[last], medians[last + 1]
        share = -math.log(slow) / (math.log(fast) - math.log(slow))  # a straight line on log scales
        return low * (high / low) ** share

    @property
    def crosses(self) -> bool:
        """Return whether all rounds lost with the smallest tasks, and all rounds won with some."""
        smallest, best = self._extremes()
        return smallest.highest < 1 < best.lowest

    def undecided(self) -> str:
        """Return why the rounds do not say whether it crosses; empty if they do.

        They don't if some rounds were above 1 and some were not, either with the smallest tasks or
        with those that have the highest median.
        """
        smallest, best = self._extremes()
        return smallest.undecided(1) or best.undecided(1)

    def _extremes(self) -> tuple[Ratio, Ratio]:
        """Return the speedup with the smallest tasks, and that with the highest median."""
        speedups = [speedup for _, speedup in self.points]
        return speedups[0], max(speedups, key=lambda speedup: speedup.median)


def find_break_even(
    *,
    workers: int = 2,
    smallest: float = 5e-6,
    largest: float = 5e-3,
    sizes: int = 8,
    rounds: int = ROUNDS,
    progress: Progress | None = None,
) -> BreakEven:
    """Measure from which size of a task on processes are faster than a loop; return a BreakEven.

    It tries `sizes` sizes in turns, from `smallest` to `largest` seconds, evenly spaced in ratio.
    The loop is a plain one, which reads the clock only before and after all tasks. Raise TypeError
    or ValueError for arguments that can't be used.
    """
    advice = "Pass seconds, e.g. smallest=5e-6, largest=5e-3."
    number("smallest", smallest, 1e-7, 1, advice)
    number("largest", largest, smallest, 10, advice)
    whole_number("sizes", sizes, 2, 50, "Pass how many sizes to try, e.g. 8.")
    whole_number("workers", workers, 1, MAX_WORKERS, "Pass how many, e.g. workers=2.")
    speed = numbers_a_second()
    ratio = (largest / smallest) ** (1 / (sizes - 1))
    cuts = {}
    for seconds in (smallest * ratio**i for i in range(sizes)):
        length = max(1, round(seconds * speed))
        count = min(_MOST_TASKS, max(2 * workers, round(_PROBE / seconds)))
        cuts[str(length)] = ([range(FIRST_NUMBER, FIRST_NUMBER + length)] * count, 1)
    runs = measure_cuts(
        count_primes, cuts, (PLAIN_LOOP, "processes"), workers=workers, rounds=rounds,
        progress=progress,
    )  # fmt: skip
    counts = {name: len(tasks) for name, (tasks, _) in cuts.items()}
    return break_even_of(runs, counts, workers)


def break_even_of(runs: Runs, counts: Mapping[str, int], workers: int) -> BreakEven:
    """Return the BreakEven of a plain loop and processes; `counts` has the tasks of each cut."""
    loops = {name: runs[PLAIN_LOOP, name] for name in counts}
    points = [
        (loop.wall / counts[name], runs["processes", name].speedup_range(loop))
        for name, loop in loops.items()
    ]
    return BreakEven(workers, tuple(points), cpu_contention(list(loops.values())[-1]))


def _checked(cuts: object) -> dict[str, tuple[list, int]]:
    advice = "Pass {'by 10': (tasks, 10)}: tasks, and how many of them are sent at once."
    if not isinstance(cuts, Mapping):
        raise bad_type("cuts", cuts, "a dict of name: (tasks, tasks in a message)", advice)
    if not cuts:
        raise bad_value("cuts", cuts, "a dict with at least one cut", advice)
    checked = {}
    for name, cut in cuts.items():
        if not isinstance(cut, tuple) or len(cut) != 2:
            raise bad_type("cut", cut, "a pair (tasks, tasks in a message)", advice)
        tasks, size = cut
        checked[name] = (check_tasks(tasks), whole_number("size", size, 1, 10**6, advice))
    return checked


def loop_or_pool(task: tuple[str, int, int, int, int]) -> tuple[float, float]:
    """Return the seconds until the workers of a new pool were ready, and the seconds of its work.

    The task is (engine, workers, numbers in a task, tasks, bytes that each carries). The engine
    'plain loop' is ready after 0 s. The break-even calculator runs this function on
    another interpreter.
    """
    engine, workers, length, count, carried = task
    work = [(range(FIRST_NUMBER, FIRST_NUMBER + length), bytes(carried))] * count
    with open_engine(engine, workers, count_with_luggage) as pool:
        wall = pool.round(count_with_luggage, work).wall
    return pool.startup, wall
