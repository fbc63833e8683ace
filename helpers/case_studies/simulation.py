"""Case 2, a simulation: many days at a checkout, each with its own random numbers.

one_day((seed, day))            the mean wait of that day's customers
days((seed, first, last))       the same for several days
"""

from __future__ import annotations

import itertools

import numpy as np

from helpers.validation import bad_type, bad_value, whole_number

CUSTOMERS = 150
ARRIVALS, SERVICES = 0.5, 1.0  # a minute, on average
_ADVICE = "Pass e.g. (2024, 0)."


def expected_wait() -> float:
    """Return the mean wait, in minutes, at a checkout that is open for a long time.

    It is ρ / (μ - λ) with ρ = λ / μ, the result for an M/M/1 queue; see
    https://en.wikipedia.org/wiki/M/M/1_queue.
    """
    return ARRIVALS / SERVICES / (SERVICES - ARRIVALS)


def one_day(task: tuple[int, int]) -> float:
    """Return the mean wait of that day's customers, in minutes; task = (seed, day).

    A customer's wait is the wait and service of the customer before, less the time between their
    arrivals, and at least 0 (D. V. Lindley, "The theory of queues with a single server", 1952).
    Each day has a seed of its own, `SeedSequence(seed).spawn(day + 1)[day]`, so its random numbers
    are the same in every worker.
    """
    seed, day = _fields(task, 2)
    draw = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(day,)))
    between = draw.exponential(1 / ARRIVALS, CUSTOMERS).tolist()
    service = draw.exponential(1 / SERVICES, CUSTOMERS).tolist()
    wait = total = 0.0
    for gap, needed in zip(between, service, strict=True):
        total += wait
        wait += needed - gap
        if wait < 0.0:
            wait = 0.0
    return total / CUSTOMERS


def days(task: tuple[int, int, int]) -> list[float]:
    """Return the mean wait of each day, in minutes; task = (seed, first day, last day + 1)."""
    seed, first, last = _fields(task, 3)
    return [one_day((seed, day)) for day in range(first, last)]


def day_ranges(seed: int, count: int, pieces: int) -> list[tuple[int, int, int]]:
    """Return `pieces` tasks (seed, first, last) for `days`, which share `count` days evenly."""
    whole_number("count", count, 1, 10_000_000, "Pass how many days, e.g. 1_000.")
    whole_number("pieces", pieces, 1, count, "Pass no more pieces than days.")
    cuts = [count * piece // pieces for piece in range(pieces + 1)]
    return [(seed, first, last) for first, last in itertools.pairwise(cuts)]


def _fields(task: object, size: int) -> tuple[int, ...]:
    """Return the task if it is a tuple of `size` whole numbers; else raise an error."""
    if not isinstance(task, tuple):
        raise bad_type("task", task, f"a tuple of {size} whole numbers", _ADVICE)
    if len(task) != size:
        raise bad_value("task", task, f"a tuple of {size} whole numbers", _ADVICE)
    return tuple(whole_number("task", value, 0, 2**128, _ADVICE) for value in task)
