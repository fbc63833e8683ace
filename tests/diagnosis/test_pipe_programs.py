"""The programs of lesson 05: what is broken hangs, and is named; what is right ends."""

from __future__ import annotations

import multiprocessing
import sys

import pytest

from helpers.diagnosis.match import diagnose
from helpers.runner.run import run_safely

RIGHT = {
    ("both_send_first.py", "5000"): "received: 5000\n",
    ("both_send_first.py", "1000000", "100"): "received: 100\n",
    ("one_receives_first.py", "5000000"): "received: 5000000\n",
    ("pipe_ends.py",): "messages: 2\n",
}
pytestmark = pytest.mark.slow  # lesson 05 runs each of them in its notebook
methods = pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())


@methods
def test_two_that_send_first_fill_the_pipe(method):
    report = run_safely("both_send_first.py", 1_000_000, limit=20, still=0.5, method=method)
    assert report.exit_code is None
    assert diagnose(report).name == "a full pipe that no process reads"


@methods
@pytest.mark.parametrize("program", RIGHT, ids=" ".join)
def test_what_is_right_ends_and_has_no_name(program, method):
    report = run_safely(*program, limit=20, method=method)
    assert (report.exit_code, report.output) == (0, RIGHT[program])
    assert diagnose(report) is None


@methods
def test_a_pipe_ends_unless_a_forked_child_has_the_writing_end(method):
    report = run_safely("pipe_never_ends.py", limit=20, still=0.5, method=method)
    assert (report.exit_code is None) == (method == "fork")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no resource tracker")
def test_a_stranger_removes_a_block_unless_it_does_not_track_it():
    assert run_safely("stranger_attaches.py", "tracked").output.startswith("the block is gone")
    if sys.version_info >= (3, 13):
        report = run_safely("stranger_attaches.py", "untracked")
        assert report.output == "the block is still there\n"
