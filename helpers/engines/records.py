"""What was measured: one record a task, a run of them, a sweep of runs. Plain data, no clock.

All times are seconds. Times of a run count from the moment its first task was submitted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from helpers.validation import bad_type, number

# Windows counts a thread's CPU time in steps of 1/64 s: there, a stretch must hold many of them.
SHORTEST_STRETCH = 0.3 if sys.platform == "win32" else 0.002
ROOM = 1.25  # times one: below, a machine has no room to show a speedup
_MOST_STRETCHES = 400  # tasks looked at: pairs of them are tried, and enough is enough


class TaskRecord(NamedTuple):  # not a dataclass: of 20,000 tasks, each record's making counts
    """When and where one task ran. `cpu` is what its thread used of a processor, in seconds."""

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
        """How long the task took on the clock."""
        return self.end - self.start


@dataclass(frozen=True)
class Run:
    """One engine at work on a list of tasks: the best of several rounds on the same warm workers.

    `wall` is the best round's time from the first submission to the last result; `walls` has
    every round's, so that the spread is not lost; `startup` is the time until all workers stood
    ready, paid once and not part of `wall`.
    """

    worker: str
    engine: str
    workers: int
    python: str
    startup: float
    walls: tuple[float, ...]
    records: tuple[TaskRecord, ...]
    results: list = field(repr=False)

    @property
    def wall(self) -> float:
        """The best round's seconds."""
        return min(self.walls)

    @property
    def spread(self) -> float:
        """The slowest round's seconds less the best one's."""
        return max(self.walls) - min(self.walls)

    @property
    def working(self) -> float:
        """Seconds inside tasks, summed over them."""
        return sum(record.seconds for record in self.records)

    @property
    def cpu(self) -> float:
        """CPU seconds inside tasks, summed over them."""
        return sum(record.cpu for record in self.records)

    @property
    def cores_busy(self) -> float:
        """How many cores the tasks kept busy on average: CPU seconds per second of wall time."""
        return self.cpu / self.wall

    @property
    def idle(self) -> float:
        """Seconds the workers spent between tasks: workers × wall less the time inside tasks."""
        return max(0.0, self.workers * self.wall - self.working)

    @property
    def idle_share(self) -> float:
        """Return the share of all workers' time, from 0 to 1, spent between or after tasks."""
        return self.idle / (self.workers * self.wall)

    @property
    def undisturbed(self) -> bool:
        """Tell whether computing tasks had a core for at least 90% of their time."""
        return self.cpu > 0.9 * self.working

    @property
    def processes(self) -> set[int]:
        """The ids of the processes in which tasks ran."""
        return {record.process for record in self.records}

    @property
    def threads(self) -> set[tuple[int, int]]:
        """The (process, thread) pairs in which tasks ran."""
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
        """How many times faster than `baseline` this run was, best round against best round."""
        if not isinstance(baseline, Run):
            raise bad_type("baseline", baseline, "a Run", "Pass the run to compare with.")
        return baseline.wall / self.wall

    def efficiency(self, baseline: Run) -> float:
        """The speedup per worker: 1.0 where every worker is worth a whole one."""
        return self.speedup(baseline) / self.workers

    def most_cores_busy(self, at_least: float = SHORTEST_STRETCH) -> float:
        """How many cores the tasks kept busy in the run's best stretch of `at_least` seconds.

        A stretch runs from the start of a task to the end of a task, and only tasks that lie whole
        within it count. Other programs can take processor time away but can't add any: so more than
        1 proves that two tasks ran in the same instant, however busy the machine is.
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
        """The largest number of tasks that were under way at the same moment."""
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
    """The same work under several engines and worker counts, measured in turns in one go.

    `ceilings[n]` is what n independent interpreters, which share nothing, did of this very work
    in the same minutes, as a multiple of one: the most that any engine could do here.
    """

    baseline: Run
    runs: tuple[Run, ...]
    ceilings: dict[int, float]

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines measured, in the order asked for."""
        return tuple(dict.fromkeys(run.engine for run in self.runs))

    @property
    def worker_counts(self) -> tuple[int, ...]:
        """The worker counts measured, ascending."""
        return tuple(sorted({run.workers for run in self.runs}))

    def run(self, engine: str, workers: int) -> Run:
        """The run of that engine with that many workers; KeyError if it was not measured."""
        for run in self.runs:
            if (run.engine, run.workers) == (engine, workers):
                return run
        have = ", ".join(f"{run.engine} × {run.workers}" for run in self.runs)
        raise KeyError(f"{engine} × {workers} was not measured here, only {have}.")

    def speedup(self, engine: str, workers: int) -> float:
        """How many times faster than one plain loop over the same tasks."""
        return self.run(engine, workers).speedup(self.baseline)

    def of_ceiling(self, engine: str, workers: int) -> float:
        """The speedup as a share of what this machine gave independent interpreters."""
        return self.speedup(engine, workers) / self.ceilings[workers]

    def no_room(self, workers: int) -> str:
        """Why no engine could show a speedup with so many workers here; empty if it could.

        A machine of one core, or one that others keep busy, has no room for a second worker, and
        then nothing that is measured with two says anything about engines.
        """
        ceiling = self.ceilings[workers]
        if ceiling >= ROOM:
            return ""
        return f"{workers} independent programs together were {ceiling:.2f} times one"

    def serial_fraction(self, engine: str, cores: int) -> float | None:
        """The share of the work that behaves as if it were serial, by Amdahl's law.

        Fitted to the runs with no more workers than `cores`: beyond, the machine ends before the
        law does. None where none of them has two workers. See `serial_fraction` in this module.
        """
        points = [
            (run.workers, run.speedup(self.baseline))
            for run in self.runs
            if run.engine == engine and run.workers <= cores
        ]
        return serial_fraction(points)


def serial_fraction(points: Sequence[tuple[float, float]]) -> float | None:
    """The serial share s, from 0 to 1, whose Amdahl line fits the (workers, speedup) points best.

    Least squares in 1/speedup, where the law is linear in s:
    1/S - 1/n = s (1 - 1/n). None if no point has more than one worker.
    """
    checked = [_point(point) for point in _listed(points)]
    pairs = [(1 - 1 / n, 1 / speedup - 1 / n) for n, speedup in checked if n > 1]
    if not pairs:
        return None
    slope = sum(x * y for x, y in pairs) / sum(x * x for x, _ in pairs)
    return min(1.0, max(0.0, slope))


def _listed(points: object) -> list:
    if not isinstance(points, Sequence):
        raise bad_type("points", points, "a list of (workers, speedup)", "Pass e.g. [(2, 1.8)].")
    return list(points)


def _point(point: object) -> tuple[float, float]:
    advice = "Pass (workers, speedup), e.g. (2, 1.8)."
    if not isinstance(point, Sequence) or len(point) != 2:
        raise bad_type("point", point, "a pair (workers, speedup)", advice)
    workers, speedup = point
    number("speedup", speedup, 1e-18, 1e18, advice)
    return number("workers", workers, 1, 1e18, advice), speedup
