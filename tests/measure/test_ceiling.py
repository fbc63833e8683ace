"""The meter of the ceiling, with interpreters that only move a clock: no process is started."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest

from helpers.engines.pool import Stopped, WorkFailed
from helpers.measure import ceiling
from helpers.measure.ceiling import CeilingMeter, do_all, seconds_of_each, shares

pytestmark = pytest.mark.once

TASKS = [1.0, 1.0, 1.0, 1.0]  # the seconds that each takes


class Machine:
    """A machine of `cores` cores, on which a task is the seconds that it keeps a core busy.

    It stands in for the clock, too: all interpreters that were told to go end at the same pace.
    """

    def __init__(self) -> None:
        self.cores = 2.0
        self.now = 100.0
        self.began: dict[int, float] = {}  # seconds of work of those under way
        self.events: list[tuple] = []
        self.loaded: dict[int, tuple] = {}
        self.error: Exception | None = None
        self._made = 0

    def __call__(self) -> Interpreter:
        """Make an interpreter, as OtherInterpreter() does."""
        self._made += 1
        return Interpreter(self, self._made)

    def clock(self) -> float:
        """Return the time, as perf_counter does."""
        return self.now

    def end_of(self, number: int) -> float:
        """Return when that interpreter ends, if the cores are divided among those under way."""
        slower = max(1.0, len(self.began) / self.cores)
        return self.now + slower * self.began[number]

    def of(self, kind: str) -> list[tuple]:
        """Return the events of that kind, in order."""
        return [event for event in self.events if event[0] == kind]

    def shares(self) -> list[list[float]]:
        """Return the tasks that each interpreter was loaded with last."""
        return [tasks for _, (function, tasks) in sorted(self.loaded.items()) if function is do_all]


class Interpreter:
    """An interpreter of that machine, which notes what it is asked for."""

    def __init__(self, machine: Machine, number: int) -> None:
        self._machine, self._number = machine, number

    def __enter__(self) -> Interpreter:
        self._machine.events.append(("open", self._number))
        return self

    def __exit__(self, *_: object) -> None:
        self._machine.events.append(("close", self._number))

    def load_call(self, function: object, worker: object, tasks: list) -> None:
        """Note the job."""
        self._machine.loaded[self._number] = function, tasks

    def wait_until_loaded(self, stop: threading.Event | None) -> None:
        """Note that it was waited for."""
        self._machine.events.append(("loaded", self._number))

    def go(self) -> None:
        """Begin the job."""
        self._machine.events.append(("go", self._number))
        self._machine.began[self._number] = sum(self._machine.loaded[self._number][1])

    def result(self, *, stop: threading.Event | None) -> object:
        """End the job, or raise as a real interpreter does."""
        machine = self._machine
        machine.events.append(("result", self._number))
        if stop is not None and stop.is_set():
            raise Stopped
        if machine.error is not None:
            raise machine.error
        function, tasks = machine.loaded[self._number]
        if function is seconds_of_each:
            machine.began.clear()
            return tasks
        return machine.end_of(self._number)


@pytest.fixture
def machine(monkeypatch) -> Machine:
    """Return the machine on which the meter finds itself."""
    own = Machine()
    monkeypatch.setattr(ceiling, "OtherInterpreter", own)
    monkeypatch.setattr(ceiling, "perf_counter", own.clock)
    return own


def meter_of(
    counts: list[int], stop: threading.Event | None = None, tasks: list | None = None
) -> CeilingMeter:
    """Return a meter whose interpreters have their shares and need no end."""
    return CeilingMeter(ExitStack(), len, tasks or TASKS, counts, stop)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("asked", "counts"), [([2], [2]), ([4, 2], [2, 4]), ([1], [1]), ([3, 3, 1], [1, 3])]
)
def test_the_counts_ascend(asked, counts):
    assert meter_of(asked).counts == counts


def test_the_tasks_are_divided_among_the_interpreters_of_each_count(machine):
    meter_of([1, 2], tasks=[1.0, 1.1, 1.2, 1.3])
    assert machine.shares() == [[1.0, 1.1, 1.2, 1.3], [1.0, 1.2], [1.1, 1.3]]


def test_every_interpreter_has_its_tasks_before_any_clock_runs(machine):
    meter = meter_of([1, 2])
    assert {number for _, number in machine.of("loaded")} == {1, 2, 3}
    assert meter.walls == {1: [], 2: []}


def test_every_interpreter_has_done_a_task_before_any_clock_runs(machine):
    meter_of([1, 2])
    # A first task imports what it needs. The first interpreter then measures all of them, alone.
    assert machine.of("go") == [("go", number) for number in (2, 3, 1)]
    assert machine.events.index(("result", 3)) < machine.events.index(("go", 1))


def test_nothing_is_left_to_do_when_the_rounds_begin(machine):
    meter = meter_of([2])
    machine.events.clear()
    meter.run(2)
    meter.run(2)
    assert {event[0] for event in machine.events} == {"go", "result"}


def test_no_more_interpreters_are_started_than_there_are_tasks(machine):
    meter = meter_of([4], tasks=[1.0, 1.0])
    assert len(machine.of("open")) == 2
    machine.cores = 4
    meter.run(4)
    assert meter.walls == {4: [1.0]}


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


@pytest.mark.parametrize(
    ("cores", "walls"),
    [
        (4, {1: 4.0, 2: 2.0, 4: 1.0}),  # a core for each: the same tasks in half of the time
        (2, {1: 4.0, 2: 2.0, 4: 2.0}),  # no more than the cores
        (1, {1: 4.0, 2: 4.0, 4: 4.0}),
    ],
)
def test_the_seconds_are_those_of_the_divided_work(machine, cores, walls):
    machine.cores = cores
    meter = meter_of([1, 2, 4])
    for count in meter.counts:
        machine.began.clear()
        meter.run(count)
    assert meter.walls == {count: [seconds] for count, seconds in walls.items()}


def test_the_clock_stops_at_the_last_end(machine):
    meter = meter_of([2], tasks=[3.0, 1.0])
    meter.run(2)
    assert meter.walls == {2: [3.0]}


def test_every_round_is_kept(machine):
    meter = meter_of([2])
    for machine.cores in (2, 1, 2):
        machine.began.clear()
        meter.run(2)
    assert meter.walls == {2: [2.0, 4.0, 2.0]}


def test_a_set_stop_ends_a_run_and_counts_no_time(machine):
    stop = threading.Event()
    meter = meter_of([2], stop)
    stop.set()
    with pytest.raises(Stopped):
        meter.run(2)
    assert meter.walls == {2: []}


def test_work_that_fails_is_raised_and_counts_no_time(machine):
    meter = meter_of([1])
    machine.error = WorkFailed("on purpose")
    with pytest.raises(WorkFailed, match="on purpose"):
        meter.run(1)
    assert meter.walls == {1: []}


# --- the shares -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "count", "dealt"),
    [
        ([1, 1, 1, 1], 2, [[0, 2], [1, 3]]),
        ([1, 1, 1, 1, 1], 2, [[0, 2, 4], [1, 3]]),
        ([1.0, 1.1, 0.9, 1.0], 2, [[0, 2], [1, 3]]),  # nearly equal: by number
        ([9, 1, 1, 1, 1, 1, 1, 1, 1, 1], 2, [[0], [1, 2, 3, 4, 5, 6, 7, 8, 9]]),  # one giant
        ([1, 2, 3, 4, 5, 6], 3, [[5, 0], [4, 1], [3, 2]]),  # sorted tasks
        ([1, 1], 1, [[0, 1]]),
        ([1, 1], 5, [[0], [1]]),
    ],
)
def test_tasks_are_dealt_by_number_unless_their_lengths_differ(seconds, count, dealt):
    assert shares(seconds, count) == dealt


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_each_task_is_in_one_share(count):
    dealt = shares([(i * 7) % 5 + 0.1 for i in range(20)], count)
    assert sorted(i for share in dealt for i in share) == list(range(20))
    assert len(dealt) == count


def test_the_work_in_another_interpreter_is_timed_to_its_end(monkeypatch):
    clock = iter(range(100, 200))
    monkeypatch.setattr(ceiling, "perf_counter", lambda: next(clock))
    done = []
    assert do_all(done.append, [4, 5], None, None) == 100
    assert done == [4, 5]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([9, 1, 1], [1, 1, 1]),  # the first task imports what it needs
        ([1, 1, 1], [1, 9, 1]),  # another program had the core for a moment
        ([9, 1, 9], [1, 9, 1]),
    ],
)
def test_one_slow_moment_does_not_make_a_task_longer(monkeypatch, first, second):
    now, done = [100.0], []
    monkeypatch.setattr(ceiling, "perf_counter", lambda: now[0])

    def take(task: int) -> None:
        now[0] += (first if done.count(task) == 0 else second)[task]
        done.append(task)

    assert seconds_of_each(take, [0, 1, 2], None, None) == [1, 1, 1]
    assert done == [0, 1, 2, 0, 1, 2]
