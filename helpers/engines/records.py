"""Plain records of measurements: a TaskRecord for each task, a Run of tasks, a Sweep of Runs.

All times are seconds. The times of a run start when its first task is submitted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from helpers.engines.ratios import Ratio, disturbance, ratio_by_round
from helpers.validation import bad_type

# Windows counts a thread's CPU time in steps of 1/64 s, so a stretch must contain many of them.
SHORTEST_STRETCH = 0.3 if sys.platform == "win32" else 0.002
ROOM = 1.25  # a ceiling below this leaves no room to show a speedup
_MOST_STRETCHES = 400  # tasks to look at: the time grows with the square of their number


class TaskRecord(NamedTuple):  # creating one is cheaper than a dataclass: 20,000 tasks need 20,000
    """The time and place of one task. `cpu` is the CPU time of its thread, in seconds."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which no record needs
    process: int
    thread: int
    start: float
    end: float
    cpu: float

    @property
    def worker(self) -> tuple[int, int]:
        """Return the (process, thread) that ran the task."""
        return self.process, self.thread

    @property
    def seconds(self) -> float:
        """Return how many seconds the task took, from start to end."""
        return self.end - self.start


@dataclass(frozen=True)
class Run:
    """A list of tasks run by one engine, in one round or several, on the same warm workers.

    `walls` has the seconds of each round, from the first submission to the last result, and `cpus`
    the CPU seconds inside its tasks. `wall` is the seconds of the median round (of two in the
    middle, the faster one). `records` and `results` are from that round. `startup` is the seconds
    until all workers were ready; it is paid once, and not part of `wall`. `others` is how many
    cores other programs kept busy during all rounds, on average; 0 if that was not measured.
    """

    worker: str
    engine: str
    workers: int
    python: str
    startup: float
    walls: tuple[float, ...]
    records: tuple[TaskRecord, ...]
    results: list = field(repr=False)
    cpus: tuple[float, ...] = ()  # if left out, each round counts as `records` do
    others: float = 0.0

    @property
    def wall(self) -> float:
        """Return the seconds of the median round, to which `records` and `results` belong."""
        return sorted(self.walls)[(self.rounds - 1) // 2]

    @property
    def rounds(self) -> int:
        """Return how many rounds were measured."""
        return len(self.walls)

    @property
    def spread(self) -> float:
        """Return the seconds of the slowest round minus those of the fastest one."""
        return max(self.walls) - min(self.walls)

    @property
    def working(self) -> float:
        """Return the seconds inside tasks, summed over all tasks."""
        return sum(record.seconds for record in self.records)

    @property
    def cpu(self) -> float:
        """Return the CPU seconds inside tasks, summed over all tasks."""
        return sum(record.cpu for record in self.records)

    @property
    def cores_busy(self) -> float:
        """Return how many cores the tasks kept busy: CPU seconds / wall seconds, median round."""
        return self.cores_busy_range().median

    def cores_busy_range(self) -> Ratio:
        """Return how many cores the tasks kept busy in each whole round: CPU / wall seconds."""
        return ratio_by_round(self.cpu_of_rounds(), self.walls)

    def cpu_of_rounds(self) -> tuple[float, ...]:
        """Return the CPU seconds inside tasks, for each round."""
        return self.cpus or (self.cpu,) * self.rounds

    @property
    def idle(self) -> float:
        """Return the workers' seconds outside tasks: workers × wall minus the time inside tasks."""
        return max(0.0, self.workers * self.wall - self.working)

    @property
    def idle_share(self) -> float:
        """Return the share of all workers' time that was spent outside tasks, from 0 to 1."""
        return self.idle / (self.workers * self.wall)

    @property
    def processes(self) -> set[int]:
        """Return the ids of the processes in which tasks ran."""
        return {record.process for record in self.records}

    @property
    def threads(self) -> set[tuple[int, int]]:
        """Return the (process, thread) pairs in which tasks ran."""
        return {record.worker for record in self.records}

    def cpu_by_worker(self) -> list[float]:
        """Return each worker's CPU seconds inside tasks, most first; 0 for one without a task."""
        used: dict[tuple[int, int], float] = {}
        for record in self.records:
            used[record.worker] = used.get(record.worker, 0.0) + record.cpu
        return sorted(used.values(), reverse=True) + [0.0] * (self.workers - len(used))

    def idle_by_worker(self) -> list[float]:
        """Return each worker's idle share of the run's time, from 0 to 1, in order of first tasks.

        Workers that got no task come last, with 1.
        """
        shares = [
            max(0.0, 1 - sum(record.seconds for record in records) / self.wall)
            for records in self._records_by_worker()
        ]
        return shares + [1.0] * (self.workers - len(shares))

    def idle_in_words(self) -> list[str]:
        """Return sentences on how idle the workers were: the text alternative to the timeline."""
        by_worker = self._records_by_worker()
        parts = []
        for i, (records, share) in enumerate(
            zip(by_worker, self.idle_by_worker(), strict=False), 1
        ):
            did = f"{len(records)} task" if len(records) == 1 else f"{len(records)} tasks"
            parts.append(f"process {i} did {did} and was idle for {share:.0%} of the time")
        if self.workers > len(by_worker):
            parts.append(f"{self.workers - len(by_worker)} of {self.workers} processes got no task")
        return [f"idle: {self.idle_share:.0%} of all workers' time", *parts]

    def _records_by_worker(self) -> list[list[TaskRecord]]:
        """Return each worker's records by time; the worker that began first comes first."""
        found: dict[tuple[int, int], list[TaskRecord]] = {}
        for record in sorted(self.records, key=lambda record: record.start):
            found.setdefault(record.worker, []).append(record)
        return list(found.values())

    def speedup(self, baseline: Run) -> float:
        """Return how many times as fast as `baseline` this run was: the median of the rounds.

        Raise the same errors as `speedup_range`.
        """
        return self.speedup_range(baseline).median

    def speedup_range(self, baseline: Run) -> Ratio:
        """Return how many times as fast as `baseline` this run was: round 1 over round 1 and so on.

        Raise TypeError for a baseline that is not a Run, ValueError for one of other rounds. Rounds
        are taken in turns by `sweep` and `measure_cuts`, not by two calls of `measure`.
        """
        if not isinstance(baseline, Run):
            raise bad_type("baseline", baseline, "a Run", "Pass the run to compare with.")
        return ratio_by_round(baseline.walls, self.walls)

    def efficiency(self, baseline: Run) -> float:
        """Return the speedup divided by the number of workers: 1.0 is ideal."""
        return self.speedup(baseline) / self.workers

    def cores_in_best_stretch(self, at_least: float = SHORTEST_STRETCH) -> float:
        """Return how many cores were busy in the busiest stretch of at least `at_least` seconds.

        This is evidence, not an average: a value above 1 proves that two tasks ran in the same
        instant, however busy the machine was, since other programs can take CPU time away but can't
        add any. `cores_busy` says how many cores the whole run kept busy. A stretch lasts from the
        start of one task to the end of another, and only tasks that lie entirely within it count.
        """
        starts = sorted(self.records, key=lambda record: record.start)[:_MOST_STRETCHES]
        most = 0.0
        for i, first in enumerate(starts):
            inside = sorted((record.end, record.cpu) for record in starts[i:])
            cpu = 0.0
            for end, seconds in inside:
                cpu += seconds
                if end - first.start >= at_least:
                    most = max(most, cpu / (end - first.start))
        return most

    def most_at_once(self) -> int:
        """Return the largest number of tasks that were under way at the same moment."""
        changes = sorted(
            change for record in self.records for change in ((record.start, 1), (record.end, -1))
        )
        under_way = most = 0
        for _, change in changes:
            under_way += change
            most = max(most, under_way)
        return most


@dataclass(frozen=True)
class Sweep:
    """The same work under several engines and worker counts, measured in turns: round by round.

    `ceiling_walls[n]` has the seconds of each round in which n independent interpreters did the
    same tasks, divided among them in advance, without any communication. No engine can do more.
    """

    baseline: Run
    runs: tuple[Run, ...]
    ceiling_walls: dict[int, tuple[float, ...]]

    @property
    def ceilings(self) -> dict[int, Ratio]:
        """Return the machine's ceiling by number of workers, as a speedup over the loop."""
        return {
            n: ratio_by_round(self.baseline.walls, walls) for n, walls in self.ceiling_walls.items()
        }

    @property
    def engines(self) -> tuple[str, ...]:
        """Return the names of the measured engines, in the order in which they were given."""
        return tuple(dict.fromkeys(run.engine for run in self.runs))

    @property
    def worker_counts(self) -> tuple[int, ...]:
        """Return the measured worker counts, ascending."""
        return tuple(sorted({run.workers for run in self.runs}))

    def run(self, engine: str, workers: int) -> Run:
        """Return the Run of that engine and worker count. Raise KeyError if it was not measured."""
        for run in self.runs:
            if (run.engine, run.workers) == (engine, workers):
                return run
        have = ", ".join(f"{run.engine} × {run.workers}" for run in self.runs)
        raise KeyError(f"{engine} × {workers} was not measured here, only {have}.")

    def speedup(self, engine: str, workers: int) -> float:
        """Return how many times as fast as a loop over the same tasks that run was: the median."""
        return self.speedup_range(engine, workers).median

    def speedup_range(self, engine: str, workers: int) -> Ratio:
        """Return how many times as fast as a loop over the same tasks that run was, by rounds."""
        return self.run(engine, workers).speedup_range(self.baseline)

    def of_ceiling(self, engine: str, workers: int) -> float:
        """Return the share of the ceiling that the run reached: 1.0 is all that is possible."""
        return self.of_ceiling_range(engine, workers).median

    def of_ceiling_range(self, engine: str, workers: int) -> Ratio:
        """Return the share of the ceiling that the run reached, in all rounds."""
        return ratio_by_round(self.ceiling_walls[workers], self.run(engine, workers).walls)

    def disturbed(self) -> list[str]:
        """Return a sentence for each run above the ceiling: other programs disturbed it."""
        said = [
            disturbance(
                f"{run.engine} × {run.workers}",
                run.speedup_range(self.baseline),
                self.ceilings[run.workers],
            )
            for run in self.runs
        ]
        return list(filter(None, said))

    def no_room(self, workers: int) -> str:
        """Return why no engine could show a speedup with that many workers; empty if one could.

        A machine with one core, or one that other programs keep busy, has no room for a second
        worker. Then measurements with two workers say nothing about engines.
        """
        return no_room(workers, self.ceilings[workers])

    def serial_fraction(self, engine: str, cores: int) -> float | None:
        """Return the serial share of the work, 0 to 1, that fits the engine's speedups best.

        The fit uses the medians of `fit_points`. Return None if there are none. See
        `serial_fraction` in this module.
        """
        return serial_fraction(self.fit_points(engine, cores))

    def fit_points(self, engine: str, cores: int) -> list[tuple[int, float]]:
        """Return the points (workers, speedup) of that engine that say something of a serial share.

        One worker says nothing of it, and more workers than `cores` fall short of Amdahl's law for
        another reason.
        """
        return [
            (run.workers, run.speedup(self.baseline))
            for run in self.runs
            if run.engine == engine and 1 < run.workers <= cores
        ]


def no_room(workers: int, ceiling: Ratio, enough: float = ROOM) -> str:
    """Return why nothing can be shown with that many workers: a median ceiling below `enough`."""
    if ceiling.median >= enough:
        return ""
    return f"{workers} independent programs together were {ceiling:.2f} times as fast as one loop"


def serial_fraction(points: Sequence[tuple[float, float]]) -> float | None:
    """Return the serial share s, 0 to 1, for which Amdahl's law fits the points best.

    Points are (workers, speedup). The fit minimizes squares in 1/speedup, where the law is linear
    in s: 1/S - 1/n = s (1 - 1/n). Return None if no point has more than one worker. Amdahl's law is
    cited in `helpers.measure.scaling.amdahl`.
    """
    pairs = [(1 - 1 / n, 1 / speedup - 1 / n) for n, speedup in points if n > 1]
    if not pairs:
        return None
    slope = sum(x * y for x, y in pairs) / sum(x * x for x, _ in pairs)
    return min(1.0, max(0.0, slope))
