"""Tasks of uneven length, and what is said of idle workers."""

from __future__ import annotations

import pytest

from helpers.engines.records import Run, TaskRecord
from helpers.workers.workloads import ORDERS, uneven_ranges

pytestmark = pytest.mark.standard_library


def run_of(*spans: tuple[int, float, float, float], workers: int = 2, wall: float = 10.0) -> Run:
    """Return a Run with a record for each (process, start, end, CPU seconds)."""
    records = tuple(
        TaskRecord(i, process, 1, start, end, cpu)
        for i, (process, start, end, cpu) in enumerate(spans)
    )
    return Run("work", "processes", workers, "3.11", 0.1, (wall,), records, [None] * len(spans))


HALF_IDLE = run_of((7, 0.0, 2.0, 1.5), (8, 0.5, 10.0, 9.0), (7, 3.0, 5.0, 2.0))


def test_lengths_grow_in_equal_steps_to_the_longest():
    lengths = [len(task) for task in uneven_ranges(24, 24, 300)]
    assert lengths == list(range(1, 25))


def test_even_tasks_are_all_alike():
    assert {len(task) for task in uneven_ranges(10, 1, 1_000)} == {100}


def test_one_task_has_all_the_numbers():
    assert [len(task) for task in uneven_ranges(1, 50, 1_000)] == [1_000]


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_has_the_same_tasks_and_is_the_same_every_time(order):
    tasks = uneven_ranges(24, 24, 300, order)
    assert sorted(map(len, tasks)) == list(range(1, 25))
    assert tasks == uneven_ranges(24, 24, 300, order)


def test_orders_differ():
    assert len({tuple(map(len, uneven_ranges(24, 24, 300, order))) for order in ORDERS}) == 3


def test_no_task_is_empty():
    assert min(map(len, uneven_ranges(50, 10_000, 60))) == 1


def test_idle_time_is_what_no_task_filled():
    assert HALF_IDLE.idle_share == pytest.approx((20 - 13.5) / 20)
    assert HALF_IDLE.idle_by_worker() == pytest.approx([0.6, 0.05])


def test_a_worker_without_a_task_was_idle_all_the_time():
    run = run_of((7, 0.0, 10.0, 9.0), workers=3)
    assert run.idle_by_worker() == [0.0, 1.0, 1.0]
    assert run.cpu_by_worker() == [9.0, 0.0, 0.0]


def test_cpu_seconds_are_summed_by_worker_most_first():
    assert HALF_IDLE.cpu_by_worker() == [9.0, 3.5]


def test_idle_time_is_told_worker_by_worker():
    assert HALF_IDLE.idle_in_words() == [
        "idle: 32% of all workers' time",
        "process 1 did 2 tasks and was idle for 60% of the time",
        "process 2 did 1 task and was idle for 5% of the time",
    ]
    assert run_of((7, 0.0, 10.0, 9.0)).idle_in_words()[-1] == "1 of 2 processes got no task"


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ((0, 2, 10), "count must be a whole number from 1"),
        ((5, 0, 10), "unevenness must be a whole number from 1"),
        ((5, 2, 4), "total must be a whole number from 5"),
        ((5, 2, "10"), "total must be a whole number"),
        ((5, 2, 10, "random"), "order must be one of short ones first"),
    ],
)
def test_tasks_that_cannot_be_made_are_refused(arguments, match):
    with pytest.raises((TypeError, ValueError), match=match):
        uneven_ranges(*arguments)
