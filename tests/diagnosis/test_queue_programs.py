"""The programs of lesson 04: what is broken hangs, and is named; what is right ends."""

from __future__ import annotations

import multiprocessing

import pytest

from helpers.diagnosis.blocking import what_each_waits_for
from helpers.diagnosis.match import diagnose
from helpers.runner.run import run_safely

PARENT_JOINS = "main program: in join() of a process, waits for the end of that process"
PARENT_GETS = "main program: in get(), waits for an item"
# What hangs: its name, and which process waits for what. Which of two consumers is left varies.
BROKEN = {
    ("one_end_each.py", "1"): ("fewer sentinels than workers", None),
    ("join_then_get.py", "100000"): (
        "join before the queue is read",
        [
            PARENT_JOINS,
            "Process-1: in _finalize_join(), waits for its own feeder thread",
            "Process-1, a thread of it: in _send(), waits for room in the pipe",
        ],
    ),
    ("puts_a_lambda.py", "0.5"): ("an item that can't be pickled", [PARENT_GETS]),
    ("producer_dies.py",): ("the producer is gone", [PARENT_GETS]),
    ("done_or_not.py", "forgets"): (
        "task_done is missing",
        [
            "main program: in join() of the queue, waits for task_done() for every item",
            "Process-1: in get(), waits for an item",
        ],
    ),
    ("ends_a_consumer.py", "kill"): (
        "a consumer died holding the queue",
        [PARENT_JOINS, "Process-2: in get(), waits for the queue's read lock"],
    ),
    ("ends_a_consumer.py", "terminate"): (
        "a consumer died holding the queue",
        [PARENT_JOINS, "Process-2: in get(), waits for the queue's read lock"],
    ),
}
RIGHT = {
    ("one_end_each.py", "2"): "",
    ("join_then_get.py", "1000"): "bytes: 1000\n",
    ("get_then_join.py", "1000000"): "bytes: 1000000\n",
    ("done_or_not.py", "marks"): "every task is done\n",
    ("ends_a_consumer.py", "sentinel"): "got: an item\n",
}
pytestmark = pytest.mark.slow  # lesson 04 runs each of them in its notebook, by the default method
methods = pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())


@methods
@pytest.mark.parametrize("program", BROKEN, ids=" ".join)
def test_what_is_broken_hangs_and_has_a_name_and_each_waits_for_something(program, method):
    name, waits = BROKEN[program]
    report = run_safely(*program, limit=20, still=0.5, method=method)
    assert report.exit_code is None
    assert diagnose(report).name == name
    found = what_each_waits_for(report)
    assert len(found) == 2 if waits is None else found == waits


@methods
@pytest.mark.parametrize("program", RIGHT, ids=" ".join)
def test_what_is_right_ends_and_has_none(program, method):
    report = run_safely(*program, limit=30, method=method)
    assert (report.verdict, report.output) == ("ended", RIGHT[program])
    assert diagnose(report) is None
    assert what_each_waits_for(report) == []
