"""What this machine is, and what starting costs here: kept for later lessons."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading

import pytest

from helpers.measure import machine
from helpers.measure.machine import Profile
from helpers.progress import store
from tests.running_processes import METHODS, interrupt_main_thread, interruptible

pytestmark = pytest.mark.usefixtures("quiet", "own_notes")


@pytest.mark.processes
def test_usable_cores_are_no_more_than_the_machine_has():
    assert 1 <= machine.usable_cores() <= os.cpu_count()
    if hasattr(os, "sched_getaffinity"):
        assert machine.usable_cores() <= len(os.sched_getaffinity(0))


def test_the_gil_is_asked_for_where_python_can_tell(monkeypatch):
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    assert not machine.has_gil()
    monkeypatch.delattr(sys, "_is_gil_enabled")
    assert machine.has_gil()


def test_the_default_start_method_is_the_contexts_own():
    process = multiprocessing.get_context().Process
    assert machine.default_start_method() == process._start_method


@pytest.mark.processes
def test_what_python_and_system_are_is_told_in_four_sentences():
    lines = machine.about()
    assert len(lines) == 4
    assert lines[0].startswith(f"Python {sys.version.split()[0].rstrip('+')}")
    assert f"default here is {machine.default_start_method()}" in lines[1]


@pytest.mark.processes
def test_a_profile_has_every_kind_of_start_and_is_kept():
    assert machine.known() is None
    measured = machine.profile(repeats=1)
    assert set(measured.starts) == {"thread", *METHODS}
    assert all(seconds > 0 for seconds in measured.starts.values())
    assert 0 < measured.round_trip < measured.starts["spawn"]
    assert machine.known() == measured
    assert len(measured.in_words()) == 3


def test_the_kinds_take_turns_so_that_a_busy_moment_does_not_spoil_one_of_them(monkeypatch):
    started = []
    monkeypatch.setattr(machine, "_start_and_join", lambda kind: started.append(kind) or 1.0)
    monkeypatch.setattr(machine, "_round_trip_seconds", lambda *_: 1.0)
    monkeypatch.setattr(machine, "usable_cores", lambda: 2)
    kinds = len(machine.profile(repeats=3).starts)
    assert len(started) == kinds * 4  # one unmeasured start of each kind, then three rounds
    assert all(started[i : i + kinds] == started[:kinds] for i in range(0, len(started), kinds))


def test_a_profile_in_words_has_units():
    words = Profile(2, 3 * 2**30, {"thread": 1e-4, "spawn": 0.05}, 5e-5).in_words()
    assert words == [
        "2 cores to use, 3.0 GiB of memory",
        "starting and joining one that does nothing: thread 0.10 ms, spawn 50.00 ms",
        "a short message to another process and back: 50 µs",
    ]


@pytest.mark.parametrize("kept", [5, [], {"cores": 2}, {"cores": 2, "unknown": 3}, "x"])
def test_a_profile_of_another_version_counts_as_none(kept):
    store.keep("machine", "profile", kept)
    assert machine.known() is None


@pytest.mark.processes
def test_an_interrupt_in_the_middle_leaves_no_child(monkeypatch):
    monkeypatch.setattr(machine, "_start_seconds", lambda *_: {})

    class Interrupting:
        """Two ends of a pipe, of which ours interrupts when a message is sent."""

        def __init__(self) -> None:
            self.here, self.there = multiprocessing.get_context().Pipe()

        def __iter__(self):
            return iter((self, self.there))

        def send(self, message):
            interrupt_main_thread()
            threading.Event().wait(5)

        def close(self):
            self.here.close()

    monkeypatch.setattr(machine.multiprocessing, "Pipe", Interrupting)
    with pytest.raises(KeyboardInterrupt), interruptible():
        machine.profile(repeats=1)
    assert machine.known() is None


@pytest.mark.parametrize("repeats", [0, -1, 10**9, "5", None, 1.5])
def test_a_number_of_repeats_that_is_none_is_refused(repeats):
    with pytest.raises((TypeError, ValueError), match="repeats must be a whole number from 1 to 1"):
        machine.profile(repeats)
