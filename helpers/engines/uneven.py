"""Tasks of uneven length, and how evenly a Run's workers were at work on them.

The tasks are ranges for `count_primes`. All lie near one number, where each candidate costs about
the same, so that a task's length is the length of its range.
"""

from __future__ import annotations

import random
from collections import Counter

from helpers.engines.records import Run
from helpers.validation import bad_type, one_of, whole_number

ORDERS = ("short ones first", "long ones first", "shuffled")
_FIRST_NUMBER = 1_000_000
_MOST = 10_000_000  # numbers in all


def uneven_ranges(
    count: int, unevenness: int, total: int, order: str = "short ones first"
) -> list[range]:
    """`count` ranges with about `total` numbers in all, which grow in equal steps.

    The longest is `unevenness` times the shortest. "shuffled" is the same shuffle every time.
    """
    whole_number("count", count, 1, 100_000, "Pass how many tasks, e.g. 24.")
    whole_number("unevenness", unevenness, 1, 10_000, "Pass 1 for tasks that are all alike.")
    whole_number("total", total, count, _MOST, "Pass how many numbers in all, e.g. 60_000.")
    one_of("order", order, ORDERS, "Pick one of them.")
    steps = [1 + (unevenness - 1) * i / max(1, count - 1) for i in range(count)]
    lengths = [max(1, round(total * step / sum(steps))) for step in steps]
    if order == "long ones first":
        lengths.reverse()
    elif order == "shuffled":
        random.Random(6).shuffle(lengths)
    return [range(_FIRST_NUMBER, _FIRST_NUMBER + length) for length in lengths]


def idle_share(run: Run) -> float:
    """The share of all workers' time, from 0 to 1, that was spent between tasks or after them."""
    _check(run)
    return run.idle / (run.workers * run.wall)


def cpu_by_worker(run: Run) -> list[float]:
    """CPU seconds that each worker spent inside tasks, most first; 0 for one without a task."""
    _check(run)
    used: Counter = Counter()
    for record in run.records:
        used[record.process, record.thread] += record.cpu
    return sorted(used.values(), reverse=True) + [0.0] * (run.workers - len(used))


def undisturbed(run: Run) -> bool:
    """Whether computing tasks had a processor for 90 % of their time at least: nobody took it."""
    _check(run)
    return run.cpu > 0.9 * run.working


def idle_by_worker(run: Run) -> list[float]:
    """The share of the run's time, from 0 to 1, for which each worker was idle, as they started.

    Workers that got no task come last, with 1.
    """
    busy, _ = _by_worker(run)
    shares = [max(0.0, 1 - seconds / run.wall) for seconds in busy]
    return shares + [1.0] * (run.workers - len(shares))


def idle_in_words(run: Run) -> list[str]:
    """How idle the run's workers were, as sentences: the text alternative to its timeline."""
    _, tasks = _by_worker(run)
    parts = []
    for number, (count, share) in enumerate(zip(tasks, idle_by_worker(run), strict=False), 1):
        did = f"{count} task" if count == 1 else f"{count} tasks"
        parts.append(f"process {number} did {did} and was idle for {share:.0%} of the time")
    if run.workers > len(tasks):
        parts.append(f"{run.workers - len(tasks)} of {run.workers} processes got no task")
    return [f"idle: {idle_share(run):.0%} of all workers' time", *parts]


def _by_worker(run: object) -> tuple[list[float], list[int]]:
    """Seconds inside tasks, and number of tasks, of each worker that had one, as they started."""
    _check(run)
    busy: Counter = Counter()
    tasks: Counter = Counter()
    for record in sorted(run.records, key=lambda record: record.start):
        where = record.process, record.thread
        busy[where] += record.seconds
        tasks[where] += 1
    return list(busy.values()), list(tasks.values())


def _check(run: object) -> None:
    if not isinstance(run, Run):
        raise bad_type("run", run, "a Run", "Pass what measure() returned.")
