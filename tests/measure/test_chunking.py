"""One work in several cuts: in turns on warm workers; idle time; the search for the break-even."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from helpers.engines.pool import Stopped
from helpers.engines.ratios import Ratio
from helpers.engines.records import Run, TaskRecord
from helpers.measure import chunking
from helpers.measure.chunking import BreakEven, break_even_of, find_break_even, measure_cuts
from helpers.workers import payloads
from helpers.workers.compute import FIRST_NUMBER, count_primes
from helpers.workers.workloads import primes_between

pytestmark = pytest.mark.usefixtures("quiet")

WAYS = {"two": (payloads.pieces(600, 2), 1), "six by three": (payloads.pieces(600, 6), 3)}


def run_with(wall: float, records: list[TaskRecord], workers: int = 2) -> Run:
    return Run("work", "processes", workers, "3", 0.0, (wall,), tuple(records), [])


def test_every_engine_does_every_cut_and_finds_the_same():
    runs = measure_cuts(count_primes, WAYS, ("serial", "threads"), rounds=2)
    assert set(runs) == {(engine, name) for engine in ("serial", "threads") for name in WAYS}
    expected = primes_between(FIRST_NUMBER, FIRST_NUMBER + 600)
    for run in runs.values():
        assert len(run.walls) == 2
        assert sum(run.results) == expected


def test_all_rounds_are_taken_and_progress_counts_steps():
    seen = []
    runs = measure_cuts(
        count_primes, WAYS, ("serial",), rounds=2, progress=lambda *step: seen.append(step)
    )
    assert {len(run.walls) for run in runs.values()} == {2}
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_plain_loop_can_be_one_of_the_engines():
    runs = measure_cuts(count_primes, WAYS, ("plain loop", "threads"), rounds=2)
    loop, threads = runs["plain loop", "two"], runs["threads", "two"]
    assert loop.results == threads.results
    assert (len(loop.records), loop.rounds) == (1, 2)
    assert threads.speedup_range(loop).lowest > 0


def test_stop_ends_it():
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        measure_cuts(count_primes, WAYS, ("threads",), stop=stop)


def test_idle_share_is_the_time_between_tasks():
    records = [TaskRecord(0, 1, 1, 0.0, 1.0, 1.0), TaskRecord(1, 2, 2, 0.0, 0.5, 0.5)]
    assert run_with(1.0, records).idle_share == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("points", "at"),
    [
        (((1e-5, 0.5), (4e-5, 2.0)), 2e-5),  # in the middle, on log scales
        (((1e-5, 2.0), (4e-5, 3.0)), 1e-5),  # the smallest pays
        (((1e-5, 0.1), (4e-5, 0.5)), None),  # the largest does not
        (((1e-5, 1.5), (4e-5, 0.5), (16e-5, 2.0)), 8e-5),  # the last crossing counts
    ],
)
def test_break_even_is_where_the_line_crosses_one_for_the_last_time(points, at):
    found = BreakEven(2, tuple((size, Ratio(speedup, 0.0, 9.0)) for size, speedup in points))
    assert found.at == (at if at is None else pytest.approx(at))


@pytest.mark.parametrize(
    ("first", "last", "crosses"),
    [
        (Ratio(0.5, 0.4, 0.9), Ratio(1.5, 1.1, 1.8), True),
        (Ratio(0.5, 0.4, 1.1), Ratio(1.5, 1.1, 1.8), False),  # one round of the smallest won
        (Ratio(0.5, 0.4, 0.9), Ratio(1.5, 0.9, 1.8), False),  # one round of the best lost
        (Ratio(1.1, 0.4, 1.2), Ratio(1.5, 1.1, 1.8), False),  # the smallest won
        (Ratio(0.5, 0.4, 0.9), Ratio(0.9, 0.8, 1.8), False),  # the largest lost
        (Ratio(1.5, 1.1, 1.8), Ratio(0.5, 0.4, 0.9), False),  # the opposite
    ],
)
def test_it_crosses_if_all_rounds_say_so(first, last, crosses):
    assert BreakEven(2, ((1e-5, first), (1e-3, last))).crosses == crosses


@pytest.mark.parametrize(
    ("first", "last", "undecided"),
    [
        (Ratio(0.5, 0.4, 0.9), Ratio(1.5, 1.1, 1.8), False),  # it crosses for certain
        (Ratio(0.5, 0.4, 0.9), Ratio(0.8, 0.7, 0.9), False),  # it doesn't for certain
        (Ratio(0.5, 0.4, 1.1), Ratio(1.5, 1.1, 1.8), True),  # a round with the smallest won
        (Ratio(0.5, 0.4, 0.9), Ratio(0.9, 0.8, 1.8), True),  # a round with the largest won
    ],
)
def test_rounds_on_both_sides_of_one_do_not_decide_whether_it_crosses(first, last, undecided):
    found = BreakEven(2, ((1e-5, first), (1e-4, Ratio(0.6, 0.5, 1.1)), (1e-3, last)))
    assert bool(found.undecided()) == undecided


def test_a_break_even_is_made_of_the_rounds_of_loops_and_processes():
    def run(engine: str, *walls: float) -> Run:
        return Run("work", engine, 1, "3", 0.0, walls, (), [], cpus=walls)

    runs = {
        ("plain loop", "10"): run("plain loop", 1.0, 2.0, 1.0),
        ("processes", "10"): run("processes", 2.0, 2.0, 4.0),
    }
    found = break_even_of(runs, {"10": 4}, workers=2)
    assert found.points == ((0.25, Ratio(0.5, 0.25, 1.0)),)
    assert found.contention == ""


@pytest.mark.processes
def test_the_search_tries_all_sizes_from_small_to_large():
    found = find_break_even(smallest=2e-5, largest=2e-4, sizes=3, rounds=1)
    assert len(found.points) == 3
    assert found.points[0][0] < found.points[-1][0]


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: measure_cuts(count_primes, []), "cuts must be a dict"),
        (lambda: measure_cuts(count_primes, {}), "at least one cut"),
        (lambda: measure_cuts(count_primes, {"a": [1]}), "cut must be a pair"),
        (lambda: measure_cuts(count_primes, {"a": ([1], 0)}), "size must be"),
        (lambda: measure_cuts(5, WAYS), "worker must be a function"),
        (lambda: find_break_even(smallest=0), "smallest must be"),
        (lambda: find_break_even(smallest=1, largest=0.1), "largest must be"),
        (lambda: find_break_even(sizes=1), "sizes must be"),
        (lambda: payloads.pieces(3, 4), "count must be"),
        (lambda: payloads.numbers_a_second(0), "tries must be"),
        (lambda: payloads.count_with_luggage(range(3)), "task must be a pair"),
        (lambda: payloads.move_memory(0), "megabytes must be"),
        (lambda: payloads.same_numbers(0), "count must be"),
    ],
)
def test_what_cannot_be_used_is_refused(call, match):
    with pytest.raises((TypeError, ValueError), match=match):
        call()


def test_pieces_are_even_and_cover_all_numbers():
    ranges = payloads.pieces(10, 3)
    assert [len(one) for one in ranges] == [3, 3, 4]
    assert [n for one in ranges for n in one] == list(range(FIRST_NUMBER, FIRST_NUMBER + 10))


def test_luggage_changes_no_result():
    numbers = payloads.pieces(500, 1)[0]
    assert payloads.count_with_luggage((numbers, b"x" * 99)) == count_primes(numbers)


def test_memory_is_moved():
    assert payloads.move_memory(1) == 1_000_000
    payloads._two_arrays.cache_clear()


def test_the_same_numbers_are_in_every_kind_of_object():
    kinds = payloads.same_numbers(5)
    assert kinds["list of int"] == [0, 1, 2, 3, 4] == list(kinds["dict of int"])
    assert kinds["NumPy array"].tolist() == [one.value for one in kinds["list of objects"]]
    assert kinds["bytes"] == kinds["NumPy array"].tobytes()


def test_the_probe_is_of_the_size_that_was_asked_for():
    assert chunking.numbers_a_second() > 1_000


def test_a_loop_that_got_a_core_for_itself_met_no_contention():
    record = TaskRecord(0, 1, 1, 0.0, 1.0, 0.95)
    assert chunking.cpu_contention(run_with(1.0, [record])) == ""
    slow = Run("work", "serial", 1, "3", 0.0, (1.0, 3.0), (record,), [])
    assert chunking.cpu_contention(slow).startswith("a plain loop got 48% of a core")


def test_other_programs_that_use_the_cores_are_contention():
    record = TaskRecord(0, 1, 1, 0.0, 1.0, 0.95)
    crowded = replace(run_with(1.0, [record]), others=0.6)
    assert chunking.cpu_contention(crowded) == "other programs kept 0.6 cores busy in the meantime"
    assert chunking.cpu_contention(replace(crowded, others=0.1)) == ""


def test_only_runs_are_looked_at():
    with pytest.raises(TypeError, match="must be a Run"):
        chunking.cpu_contention(1)


@pytest.mark.processes
def test_the_calculator_measures_a_loop_and_a_pool():
    start, wall = chunking.loop_or_pool(("plain loop", 1, 10, 3, 5))
    assert start == 0.0
    assert wall > 0
    start, _ = chunking.loop_or_pool(("processes", 1, 10, 3, 5))
    assert start > 0
