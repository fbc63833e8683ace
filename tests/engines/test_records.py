"""What a run and a sweep say of themselves, on numbers that can be checked by hand."""

from __future__ import annotations

import pytest

from helpers.engines.ratios import Ratio
from helpers.engines.records import Run, Sweep, TaskRecord, serial_fraction
from helpers.measure.scaling import amdahl

pytestmark = pytest.mark.standard_library


def run(engine="processes", workers=2, walls=(2.0,), records=(), **changes):
    rest = {"worker": "work", "python": "3.11.7", "startup": 0.5, "results": []} | changes
    return Run(engine=engine, workers=workers, walls=walls, records=tuple(records), **rest)


def record(index, start, end, *, process=1, thread=1, cpu=0.0):
    return TaskRecord(index, process, thread, start, end, cpu)


def sweep(*runs, baseline=8.0, ceilings=None):
    """A sweep of runs over a loop of `baseline` s; `ceilings` are speedups of the same rounds."""
    loops = (baseline,) if isinstance(baseline, float) else baseline
    walls = {
        n: tuple(loop / speedup for loop in loops)
        for n, speedup in (ceilings or {1: 1.0, 2: 1.6}).items()
    }
    return Sweep(run("serial", 1, loops), runs, walls)


def test_a_task_lasts_from_its_start_to_its_end():
    assert record(0, 1.5, 4.0).seconds == 2.5


@pytest.mark.parametrize(
    ("walls", "wall"),
    [
        ((3.0,), 3.0),
        ((3.0, 2.0), 2.0),  # of two in the middle, the faster: it is a round that was measured
        ((3.0, 2.0, 2.5), 2.5),
        ((3.0, 2.0, 2.5, 9.0), 2.5),
    ],
)
def test_the_median_round_counts(walls, wall):
    assert run(walls=walls).wall == wall
    assert run(walls=walls).rounds == len(walls)


def test_the_spread_is_from_the_fastest_round_to_the_slowest():
    assert run(walls=(3.0, 2.0, 2.5)).spread == 1.0


def test_cores_busy_are_cpu_seconds_by_wall_seconds_of_each_whole_round():
    measured = run(walls=(2.0, 4.0, 2.0), cpus=(3.0, 4.0, 4.0))
    assert measured.cores_busy_range() == Ratio(1.5, 1.0, 2.0)
    assert measured.cores_busy == 1.5


def test_without_cpu_seconds_by_round_each_round_counts_as_the_records():
    measured = run(walls=(2.0, 4.0), records=[record(0, 0, 2, cpu=2.0)])
    assert measured.cpu_of_rounds() == (2.0, 2.0)
    assert measured.cores_busy_range() == Ratio(0.75, 0.5, 1.0)


def test_working_cpu_and_cores_busy_are_sums_over_tasks():
    measured = run(records=[record(0, 0, 1.5, cpu=1.0), record(1, 0.5, 2.0, cpu=1.5)])
    assert (measured.working, measured.cpu, measured.cores_busy) == (3.0, 2.5, 1.25)


def test_idle_is_what_the_workers_had_and_did_not_use():
    assert run(records=[record(0, 0, 1.5), record(1, 0.5, 2.0)]).idle == 1.0
    assert run(workers=1, records=[record(0, 0, 2.5)]).idle == 0.0


def test_processes_and_threads_are_told_apart():
    tasks = [
        record(0, 0, 1, process=1, thread=7),
        record(1, 0, 1, process=2, thread=7),
        record(2, 0, 1, process=2, thread=8),
    ]
    assert run(records=tasks).processes == {1, 2}
    assert run(records=tasks).threads == {(1, 7), (2, 7), (2, 8)}


@pytest.mark.parametrize(
    ("spans", "most"),
    [
        ([(0, 1)], 1),
        ([(0, 1), (1, 2)], 1),  # one ends when the next begins
        ([(0, 3), (1, 2), (2, 4)], 2),
        ([(0, 3), (1, 3), (2, 3)], 3),
        ([(0, 1), (5, 6), (5.5, 7)], 2),
    ],
)
def test_most_at_once_counts_tasks_under_way(spans, most):
    assert run(records=[record(i, *span) for i, span in enumerate(spans)]).most_at_once() == most


@pytest.mark.parametrize(
    ("tasks", "most"),
    [
        ([(0, 1, 1.0)], 1.0),
        ([(0, 1, 1.0), (0, 1, 1.0)], 2.0),
        ([(0, 1, 1.0), (1, 2, 1.0)], 1.0),  # one after the other
        ([(0, 1, 0.0), (0, 1, 0.0)], 0.0),  # both wait
        ([(0, 9, 1.0), (0, 1, 1.0), (0, 1, 1.0)], 2.0),  # the best stretch, not the average
        ([(0, 0.001, 0.001), (0, 0.001, 0.001), (0, 1, 0.5)], 0.502),  # too short to count alone
    ],
)
def test_the_busiest_stretch_is_evidence_of_two_tasks_in_one_instant(tasks, most):
    records = [record(i, start, end, cpu=cpu) for i, (start, end, cpu) in enumerate(tasks)]
    assert run(records=records).cores_in_best_stretch(at_least=0.5) == pytest.approx(most)


def test_of_very_many_tasks_the_first_are_looked_at():
    records = [record(i, i, i + 1, cpu=1.0) for i in range(5_000)]
    assert run(records=records).cores_in_best_stretch(at_least=0.5) == pytest.approx(1.0)


def test_an_average_of_one_core_can_hide_a_stretch_of_two():
    tasks = [record(0, 0, 1, cpu=1.0), record(1, 0, 1, cpu=1.0), record(2, 1, 4, cpu=0.0)]
    measured = run(walls=(4.0,), records=tasks)
    assert measured.cores_busy == 0.5
    assert measured.cores_in_best_stretch() == 2.0


def test_speedup_and_efficiency_compare_round_by_round():
    slow, fast = run("serial", 1, (8.0, 9.0, 8.0)), run("spawn", 4, (2.0, 9.0, 1.0))
    assert fast.speedup_range(slow) == Ratio(4.0, 1.0, 8.0)
    assert (fast.speedup(slow), fast.efficiency(slow)) == (4.0, 1.0)


def test_a_baseline_of_other_rounds_is_refused():
    with pytest.raises(ValueError, match="got 1 and 2 rounds"):
        run(walls=(1.0, 2.0)).speedup(run("serial", 1, (1.0,)))


@pytest.mark.parametrize("baseline", [2, None, "serial", [run()]])
def test_what_is_no_run_to_compare_with_is_refused(baseline):
    match = r"baseline must be a Run, got .*\. Pass the run to compare with\."
    with pytest.raises(TypeError, match=match):
        run().speedup(baseline)
    with pytest.raises(TypeError, match=match):
        run().efficiency(baseline)


def test_where_the_machine_has_no_room_for_a_speedup_it_says_so():
    narrow, wide = sweep(ceilings={1: 1.0, 2: 1.1}), sweep(ceilings={1: 1.0, 2: 1.9})
    assert "1.1" in narrow.no_room(2)
    assert wide.no_room(2) == ""


def test_a_sweep_finds_its_runs():
    one, two = run("threads", 1, (8.0,)), run("threads", 2, (4.0,))
    measured = sweep(one, two, run("spawn", 2, (5.0,)))
    assert measured.engines == ("threads", "spawn")
    assert measured.worker_counts == (1, 2)
    assert measured.run("threads", 2) is two
    assert measured.speedup("threads", 2) == 2.0
    assert measured.of_ceiling("threads", 2) == 1.25


def test_a_sweeps_ratios_are_taken_round_by_round():
    measured = sweep(run("threads", 2, (4.0, 5.0, 8.0)), baseline=(8.0, 10.0, 8.0))
    assert measured.speedup_range("threads", 2) == Ratio(2.0, 1.0, 2.0)
    assert measured.ceilings[2] == Ratio(1.6, 1.6, 1.6)
    assert measured.of_ceiling_range("threads", 2) == Ratio(1.25, 0.625, 1.25)


def test_a_sweep_above_its_ceiling_says_that_it_was_disturbed():
    slow, fast = run("threads", 2, (8.0, 8.0)), run("spawn", 2, (4.0, 4.2))
    measured = sweep(slow, fast, baseline=(8.0, 8.0), ceilings={2: 1.6})
    (said,) = measured.disturbed()
    assert said.startswith("this measurement was disturbed: spawn × 2 was 1.95 (1.90 to 2.00)")


def test_a_sweep_with_one_round_below_the_ceiling_was_not_disturbed():
    measured = sweep(run("spawn", 2, (4.0, 5.0)), baseline=(8.0, 8.0), ceilings={2: 1.6})
    assert measured.disturbed() == []


def test_a_run_that_was_not_measured_is_named_with_those_that_were():
    with pytest.raises(KeyError, match=r"fork × 9 was not measured here, only threads × 2\."):
        sweep(run("threads", 2)).run("fork", 9)


# Hand-made from the law's own statement: s + (1 - s) / n of the time remains.
@pytest.mark.parametrize(
    ("workers", "serial", "speedup"),
    [(1, 0.3, 1.0), (2, 0.0, 2.0), (4, 0.5, 1.6), (10**9, 0.1, 10.0), (8, 1.0, 1.0)],
)
def test_amdahls_law(workers, serial, speedup):
    assert amdahl(workers, serial) == pytest.approx(speedup)


@pytest.mark.parametrize("serial", [0.0, 0.05, 0.4, 1.0])
def test_the_fit_finds_the_serial_share_that_made_the_points(serial):
    points = [(n, amdahl(n, serial)) for n in (1, 2, 3, 8)]
    assert serial_fraction(points) == pytest.approx(serial)


def test_the_fit_stays_between_nothing_and_all():
    assert serial_fraction([(2, 2.5)]) == 0.0
    assert serial_fraction([(2, 0.7)]) == 1.0


def test_one_worker_tells_nothing_of_the_serial_share():
    assert serial_fraction([(1, 1.0)]) is None
    assert serial_fraction([]) is None
    assert sweep(run("threads", 1)).serial_fraction("threads", cores=8) is None


def test_a_sweeps_serial_share_is_that_of_its_engine():
    runs = [run("spawn", n, (8 / amdahl(n, 0.25),)) for n in (1, 2, 4)]
    measured = sweep(*runs, run("threads", 2, (8.0,)))
    assert measured.serial_fraction("spawn", cores=4) == pytest.approx(0.25)
    assert measured.serial_fraction("threads", cores=4) == 1.0


def test_workers_beyond_the_cores_are_left_out_of_the_fit():
    runs = [run("spawn", n, (8 / amdahl(min(n, 2), 0.25),)) for n in (1, 2, 4, 8)]
    assert sweep(*runs).serial_fraction("spawn", cores=2) == pytest.approx(0.25)
    assert sweep(*runs).serial_fraction("spawn", cores=8) > 0.3
