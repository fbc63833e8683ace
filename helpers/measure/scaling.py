"""Measurements of work with a serial part: the speedup by workers, and what limits it.

    this process does k of the tasks, one after another; n workers do the rest
    -> speedup by k and n, beside the ceiling: what n independent interpreters make of all the tasks

Amdahl: the work stays the same, so the serial share s bounds the speedup: 1 / (s + (1 - s) / n).
Gustafson: the work grows with the workers, and the time stays the same: s + (1 - s) n, where s is
the serial share of that time. J. Gustafson, "Reevaluating Amdahl's law", CACM 31(5), 1988.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter

from helpers.engines.pool import Progress, WarmPool, check_counts, check_hooks, check_tasks
from helpers.engines.ratios import Ratio, disturbance, ratio_by_round
from helpers.engines.records import no_room, serial_fraction
from helpers.measure.ceiling import CeilingMeter, do_first
from helpers.measure.chunking import contention_from_share
from helpers.measure.rounds import ROUNDS, take_rounds
from helpers.measure.sweeps import worker_counts
from helpers.validation import bad_type, number, whole_number

# A ceiling, as a multiple of one. If 2 workers have less, the speedups with half, a quarter and
# nothing serial differ by about a tenth or less, and a shared machine varies by as much.
_LAWS_ROOM = 1.5


def amdahl(workers: float, serial: float) -> float:
    """Return the speedup that Amdahl's law allows: 1 / (s + (1 - s) / n).

    G. Amdahl, "Validity of the single processor approach to achieving large scale computing
    capabilities", AFIPS 1967.
    """
    return 1 / (serial + (1 - serial) / workers)


def gustafson(workers: float, serial: float) -> float:
    """Return the speedup for work that grows with the workers, by Gustafson's law: s + (1 - s) n.

    The module's docstring has the source. Raise TypeError or ValueError for fewer than one worker,
    or a share outside 0 to 1.
    """
    number("workers", workers, 1, 1e18, "Pass how many, e.g. 4.")
    number("serial", serial, 0, 1, "Pass a share, e.g. 0.05.")
    return serial + (1 - serial) * workers


def amdahl_with_start(workers: float, serial: float, start: float) -> float:
    """Return Amdahl's speedup if each worker must also be started: 1 / (s + (1 - s) / n + k n).

    `start` is k: the time to start one worker, as a share of the loop's time. The speedup is
    highest at n = sqrt((1 - s) / k), where the derivative by n is 0. Beyond that, another worker
    costs more time than it saves.
    """
    return 1 / (1 / amdahl(workers, serial) + start * workers)


def best_number(serial: float, start: float) -> float:
    """Return the number of workers with the highest `amdahl_with_start`: sqrt((1 - s) / k), or 1.

    Raise TypeError or ValueError for a share outside 0 to 1, or a `start` that is not above 0.
    """
    number("serial", serial, 0, 1, "Pass a share, e.g. 0.05.")
    number("start", start, 1e-12, 1e9, "Pass a share of the loop's time, e.g. 0.05.")
    return max(1.0, ((1 - serial) / start) ** 0.5)


@dataclass(frozen=True)
class Scaling:
    """The times of `tasks` tasks, of which the first k stay serial, by k and by n workers.

    Times are the seconds of each round: `loops` for a plain loop, `walls[k, n]`, and `grown[k, n]`
    if the other tasks were done n times. `ceiling_walls[n]` is how long n independent interpreters
    took for all tasks, divided among them. `starts[n]` is the seconds to start n workers.
    """

    tasks: int
    loops: tuple[float, ...]
    walls: dict[tuple[int, int], tuple[float, ...]]
    grown: dict[tuple[int, int], tuple[float, ...]]
    ceiling_walls: dict[int, tuple[float, ...]]
    starts: dict[int, float]
    core: float = 1.0  # the share of a core that the loop got, on average

    @property
    def loop(self) -> float:
        """Return the seconds of the loop, in the median round."""
        return median(self.loops)

    @property
    def rounds(self) -> int:
        """Return how many rounds were measured."""
        return len(self.loops)

    @property
    def ceilings(self) -> dict[int, Ratio]:
        """Return the machine's ceiling by number of workers, as a speedup over the loop."""
        return {n: ratio_by_round(self.loops, walls) for n, walls in self.ceiling_walls.items()}

    def share(self, serial: int) -> float:
        """Return the share of the work that was kept serial, 0 to 1."""
        return serial / self.tasks

    def counts(self) -> list[int]:
        """Return the measured numbers of workers, ascending."""
        return sorted(self.ceiling_walls)

    def serials(self) -> list[int]:
        """Return the measured numbers of serial tasks, ascending."""
        return sorted({serial for serial, _ in self.walls})

    def speedup(self, serial: int, workers: int) -> float:
        """Return how many times as fast as the loop it was: the median of the rounds."""
        return self.speedup_range(serial, workers).median

    def speedup_range(self, serial: int, workers: int) -> Ratio:
        """Return how many times as fast as the loop it was, in all rounds."""
        return ratio_by_round(self.loops, self.walls[serial, workers])

    def scaled(self, serial: int, workers: int) -> float:
        """Return how many times as fast as a loop over the grown work it was: the median."""
        return self.scaled_range(serial, workers).median

    def scaled_range(self, serial: int, workers: int) -> Ratio:
        """Return how many times as fast as a loop over the grown work it was, in all rounds.

        The loop's time for the grown work is computed, from tasks of the same length.
        """
        times = (serial + (self.tasks - serial) * workers) / self.tasks
        return ratio_by_round([loop * times for loop in self.loops], self.grown[serial, workers])

    def expected(self, serial: int, workers: int) -> float:
        """Return the speedup that Amdahl's law allows with this machine's ceiling in place of n."""
        return amdahl(self._cores(workers), self.share(serial))

    def of_the_law(self, serial: int, workers: int) -> Ratio:
        """Return the speedup as a multiple of what Amdahl's law allows, in all rounds.

        The law has the ceiling of the same round in place of n. Over 1 is more than it allows.
        """
        allowed = [
            loop / amdahl(max(1.0, loop / wall), self.share(serial))
            for loop, wall in zip(self.loops, self.ceiling_walls[workers], strict=True)
        ]
        return ratio_by_round(allowed, self.walls[serial, workers])

    def fitted(self, serial: int) -> float:
        """Return the serial share, 0 to 1, that fits the measured speedups under the ceiling.

        It is `serial_fraction` with the ceiling in place of n, so that cores which the machine does
        not have do not count as a serial part of the program.
        """
        points = [(self._cores(n), self.speedup(serial, n)) for k, n in self.walls if k == serial]
        return serial_fraction(points) or 0.0

    def disturbed(self) -> list[str]:
        """Return a sentence for each speedup above the ceiling: other programs disturbed it."""
        said = [
            disturbance(
                f"{n} workers with {self.share(k):.0%} serial",
                self.speedup_range(k, n),
                self.ceilings[n],
            )
            for k, n in self.walls
        ]
        return list(filter(None, said))

    def _cores(self, workers: int) -> float:
        """Return the median ceiling, at least 1: how many cores the machine had for us."""
        return max(1.0, self.ceilings[workers].median)

    def terms(self, serial: int, workers: int) -> dict[str, float]:
        """Return the parts of the median time as shares of the loop's time.

        "divided work" is the time of n whole cores for the work that is not serial. "machine" is
        the additional time because this machine does not have n cores for us. "messages" is the
        rest, and noise is part of it. The parts add up to the median time, unless it is shorter
        than the first three together: then "messages" is 0.
        """
        rest, ceiling = 1 - self.share(serial), self._cores(workers)
        ideal = rest / workers
        machine = max(0.0, rest / ceiling - ideal)
        measured = 1 / self.speedup(serial, workers)
        found = {"serial part": self.share(serial), "divided work": ideal, "machine": machine}
        return found | {"messages": max(0.0, measured - sum(found.values()))}

    def holds_back(self, serial: int, workers: int) -> str:
        """Return the name of the part that takes the most time, apart from the divided work."""
        terms = self.terms(serial, workers)
        del terms["divided work"]
        return max(terms, key=lambda name: terms[name])

    def no_room(self, workers: int) -> str:
        """Return why no speedup could be shown with that many workers; empty if one could."""
        return no_room(workers, self.ceilings[workers], _LAWS_ROOM) or contention_from_share(
            self.core
        )


def scale(
    worker: Callable,
    tasks: object,
    *,
    serial: Sequence[int] = (0, 8, 16),
    workers: Sequence[int] = (2, 4),
    grow: Sequence[int] = (8,),
    rounds: int = ROUNDS,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Scaling:
    """Measure the tasks with each number of serial tasks and of workers; return a Scaling.

    Each of the `rounds` measures everything once. For the serial numbers in `grow`, the rest of the
    tasks is also done n times. Raise the same errors as `helpers.measure.sweeps.sweep`.
    """
    tasks = check_tasks(tasks)
    check_counts(rounds, 1)
    check_hooks(progress, stop)
    counts = worker_counts(workers)
    for name, given in (("serial", serial), ("grow", grow)):
        if not isinstance(given, (list, tuple)):
            raise bad_type(name, given, "a list of whole numbers", f"Pass e.g. {name}=(0, 8).")
    for count in (*serial, *grow):
        whole_number("serial", count, 0, len(tasks) - 1, "Keep at least one task to divide.")
    with ExitStack() as stack:
        turns = _Turns(stack, worker, tasks, list(counts), stop)
        jobs = [(k, n, False) for k in serial for n in counts]
        jobs += [(k, n, True) for k in grow for n in counts]
        take_rounds(turns.steps(jobs), rounds, progress=progress, stop=stop)
    return turns.found()


class _Turns:
    """The pools, the meter of the ceiling, and the seconds of each job in each round so far."""

    def __init__(
        self,
        stack: ExitStack,
        worker: Callable,
        tasks: list,
        counts: list[int],
        stop: threading.Event | None,
    ) -> None:
        self._worker, self._tasks, self._stop = worker, tasks, stop
        self._loop = stack.enter_context(WarmPool("serial", 1, worker))
        self._pools = {n: stack.enter_context(WarmPool("processes", n, worker)) for n in counts}
        do_first(worker, tasks)
        self._meter = CeilingMeter(stack, worker, tasks, counts, stop)
        self._loops: list[float] = []
        self._walls: dict[tuple[int, int, bool], list[float]] = {}  # (serial, workers, grown)
        self._seconds = self._cpu = 0.0  # of all that was done in a loop

    def steps(self, jobs: list[tuple[int, int, bool]]) -> list[Callable[[], None]]:
        """Return the steps of a round: the loop, the ceiling, and each job."""
        return [
            self._time_loop,
            *(partial(self._meter.run, n) for n in self._meter.counts),
            *(partial(self._time_job, job) for job in jobs),
        ]

    def _time_loop(self) -> None:
        began = perf_counter()
        self._in_loop(self._tasks)
        self._loops.append(perf_counter() - began)

    def _time_job(self, job: tuple[int, int, bool]) -> None:
        began = perf_counter()
        self._partly(*job)
        self._walls.setdefault(job, []).append(perf_counter() - began)

    def found(self) -> Scaling:
        """Return the Scaling of all rounds."""
        walls = {job: tuple(seconds) for job, seconds in self._walls.items()}
        return Scaling(
            tasks=len(self._tasks),
            loops=tuple(self._loops),
            walls={(k, n): seconds for (k, n, grown), seconds in walls.items() if not grown},
            grown={(k, n): seconds for (k, n, grown), seconds in walls.items() if grown},
            ceiling_walls={n: tuple(seconds) for n, seconds in self._meter.walls.items()},
            starts={n: pool.startup for n, pool in self._pools.items()},
            core=self._cpu / self._seconds,
        )

    def _in_loop(self, tasks: list) -> None:
        if tasks:
            done = self._loop.round(self._worker, tasks, 1, stop=self._stop)
            self._seconds += done.wall
            self._cpu += done.cpu

    def _partly(self, serial: int, workers: int, grown: bool) -> None:
        self._in_loop(self._tasks[:serial])
        rest = self._tasks[serial:] * (workers if grown else 1)
        self._pools[workers].round(self._worker, rest, 1, stop=self._stop)
