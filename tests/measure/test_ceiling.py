"""The meter of the ceiling, with interpreters that only move a clock: no process is started."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest

from helpers.engines.pool import Stopped, WorkFailed
from helpers.measure import ceiling
from helpers.measure.ceiling import CeilingMeter

pytestmark = pytest.mark.once

TASKS = [1, 2, 3]


class Machine:
    """A machine with `cores` cores, on which a job keeps one core busy for `seconds`.

    It stands in for the clock, too: the first result waits until all jobs under way are done.
    """

    def __init__(self, cores: float = 2.0, seconds: float = 1.0) -> None:
        self.cores, self.seconds = cores, seconds
        self.now = 0.0
        self.working: set[int] = set()
        self.events: list[tuple] = []
        self.error: Exception | None = None
        self._made = 0

    def __call__(self) -> Interpreter:
        """Make an interpreter, as OtherInterpreter() does."""
        self._made += 1
        return Interpreter(self, self._made)

    def clock(self) -> float:
        """Return the time, as perf_counter does."""
        return self.now

    def finish(self) -> None:
        """Let all jobs run to their end, as fast as the cores allow."""
        self.now += self.seconds * max(1.0, len(self.working) / self.cores)
        self.working.clear()

    def of(self, kind: str) -> list[tuple]:
        """Return the events of that kind, in order."""
        return [event for event in self.events if event[0] == kind]


class Interpreter:
    """An interpreter of that machine, which notes what it is asked for."""

    def __init__(self, machine: Machine, number: int) -> None:
        self._machine, self._number = machine, number

    def __enter__(self) -> Interpreter:
        self._machine.events.append(("open", self._number))
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.events.append(("close", self._number))

    def load(self, worker: object, tasks: list) -> None:
        """Note the job."""
        self._machine.events.append(("load", self._number, worker, tasks))

    def go(self) -> None:
        """Begin the job."""
        self._machine.events.append(("go", self._number))
        self._machine.working.add(self._number)

    def result(self, *, stop: threading.Event | None) -> None:
        """End the job, or raise as a real interpreter does."""
        self._machine.events.append(("result", self._number))
        if stop is not None and stop.is_set():
            raise Stopped
        if self._machine.error is not None:
            raise self._machine.error
        if self._number in self._machine.working:
            self._machine.finish()


@pytest.fixture
def machine(monkeypatch) -> Machine:
    """Return the machine on which the meter finds itself."""
    own = Machine()
    monkeypatch.setattr(ceiling, "OtherInterpreter", own)
    monkeypatch.setattr(ceiling, "perf_counter", own.clock)
    return own


def meter_of(counts: list[int], stop: threading.Event | None = None) -> CeilingMeter:
    """Return a meter whose interpreters need no end."""
    return CeilingMeter(ExitStack(), len, TASKS, counts, stop)


def measured(machine: Machine, cores: float, counts: list[int]) -> dict[int, float]:
    """Return the ceilings of a machine of so many cores."""
    machine.cores = cores
    meter = meter_of(counts)
    for count in meter.counts:
        meter.run(count)
    return {count: meter.ceiling(count) for count in meter.counts}


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("asked", "counts"),
    [([2], [1, 2]), ([4, 2], [1, 2, 4]), ([1], [1]), ([], [1]), ([3, 3, 1], [1, 3])],
)
def test_one_interpreter_is_always_measured_and_the_counts_ascend(asked, counts):
    assert meter_of(asked).counts == counts


def test_as_many_interpreters_as_the_largest_count_get_the_whole_work(machine):
    meter_of([2, 3])
    assert machine.of("load") == [("load", number, len, TASKS) for number in (1, 2, 3)]
    assert machine.of("go") == []  # they only stand ready


def test_all_interpreters_end_with_the_stack(machine):
    with ExitStack() as stack:
        CeilingMeter(stack, len, TASKS, [3])
        assert machine.of("close") == []
    assert sorted(machine.of("close")) == [("close", number) for number in (1, 2, 3)]


def test_an_interpreter_that_cannot_start_leaves_none_of_the_others(machine, monkeypatch):
    def two_only() -> Interpreter:
        if len(machine.of("open")) == 2:
            raise OSError("no third")
        return machine()

    monkeypatch.setattr(ceiling, "OtherInterpreter", two_only)
    with pytest.raises(OSError, match="no third"), ExitStack() as stack:
        CeilingMeter(stack, len, TASKS, [4])
    assert len(machine.of("close")) == 2


def test_all_of_them_begin_before_the_first_is_waited_for(machine):
    meter = meter_of([3])
    machine.events.clear()
    meter.run(3)
    assert [event[0] for event in machine.events] == ["go"] * 3 + ["result"] * 3
    assert {event[1] for event in machine.of("result")} == {1, 2, 3}


def test_a_run_with_a_lower_count_leaves_the_others_alone(machine):
    meter = meter_of([4])
    machine.events.clear()
    meter.run(2)
    assert machine.of("go") == [("go", 1), ("go", 2)]


@pytest.mark.parametrize(
    ("cores", "ceilings"),
    [
        (4, {1: 1.0, 2: 2.0, 4: 4.0}),  # a core for each
        (2, {1: 1.0, 2: 2.0, 4: 2.0}),  # no more than the cores
        (1.5, {1: 1.0, 2: 1.5, 4: 1.5}),  # others have half of a core
        (1, {1: 1.0, 2: 1.0, 4: 1.0}),
    ],
)
def test_the_ceiling_is_what_the_cores_are_worth(machine, cores, ceilings):
    assert measured(machine, cores, [2, 4]) == pytest.approx(ceilings)


@pytest.mark.parametrize(
    ("alone", "together"), [((1.0, 3.0), (10.0, 2.0)), ((3.0, 1.0), (2.0, 10.0))]
)
def test_the_best_time_of_each_count_is_kept(machine, alone, together):
    meter = meter_of([2])
    for machine.seconds in alone:
        meter.run(1)
    for machine.seconds in together:
        meter.run(2)
    assert meter.ceiling(2) == 2 * 1.0 / 2.0
    assert meter.ceiling(1) == 1.0


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("ran", [1, 2])
def test_there_is_no_ceiling_before_both_counts_have_run(ran):
    meter = meter_of([2])
    meter.run(ran)
    with pytest.raises(KeyError):
        meter.ceiling(2)


def test_a_set_stop_ends_a_run_and_counts_no_time(machine):
    stop = threading.Event()
    meter = meter_of([2], stop)
    meter.run(1)
    stop.set()
    with pytest.raises(Stopped):
        meter.run(2)
    assert len(machine.of("result")) == 2  # that of run(1), and the first of run(2)
    with pytest.raises(KeyError):
        meter.ceiling(2)


def test_work_that_fails_is_raised_and_counts_no_time(machine):
    meter = meter_of([])
    machine.error = WorkFailed("on purpose")
    with pytest.raises(WorkFailed, match="on purpose"):
        meter.run(1)
    with pytest.raises(KeyError):
        meter.ceiling(1)
