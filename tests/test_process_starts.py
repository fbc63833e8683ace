"""A test that starts a process is refused, unless it is marked."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.process_starts import MARKS, STARTING, Guard

WAYS = {
    "subprocess": lambda: subprocess.run([sys.executable, "-c", ""]),
    "multiprocessing": lambda: multiprocessing.get_context("spawn").Process().start(),
}
if hasattr(os, "fork"):
    WAYS["os.fork"] = lambda: os.fork() or os._exit(0)


def a_test(*marks):
    """Return a stand-in for a test with these marks, enough for a guard."""
    return SimpleNamespace(get_closest_marker=lambda name: name if name in marks else None)


@pytest.mark.parametrize("way", WAYS)
def test_starting_a_process_is_refused_where_it_is_started(way):
    with (
        pytest.raises(AssertionError, match=r"starts a process.* Mark it"),
        Guard().around(a_test()),
    ):
        WAYS[way]()


def test_a_refusal_that_is_caught_comes_again_at_the_end():
    reached_the_end = False
    with pytest.raises(AssertionError, match="starts a process"), Guard().around(a_test()):
        with contextlib.suppress(AssertionError):
            WAYS["subprocess"]()
        reached_the_end = True
    assert reached_the_end


def test_after_it_everything_is_as_before():
    before = [getattr(owner, name) for owner, name in STARTING]
    with Guard().around(a_test()):
        pass
    assert [getattr(owner, name) for owner, name in STARTING] == before


@pytest.mark.parametrize("mark", MARKS)
def test_a_marked_test_is_not_watched(mark):
    before = [getattr(owner, name) for owner, name in STARTING]
    with Guard().around(a_test(mark)):
        assert [getattr(owner, name) for owner, name in STARTING] == before


@pytest.mark.processes
def test_a_fixture_of_the_session_may_start_one():
    guard = Guard()
    with guard.around(a_test()), guard.lifted():
        assert WAYS["subprocess"]().returncode == 0
