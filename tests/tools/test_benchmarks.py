"""The benchmark judges ratios by their bounds and tells the outcome. The numbers are not ours."""

from __future__ import annotations

import pytest

from helpers.engines.executors import why_missing
from tools.benchmarks import interpreters, overhead
from tools.benchmarks.overhead import Bound

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("ratio", "line"),
    [
        (Bound("work", 1.04, 1.05), "  1.040  (at most 1.05: holds)  work"),
        (Bound("work", 1.06, 1.05), "  1.060  (at most 1.05: DOES NOT HOLD)  work"),
        (Bound("work", 0.96, 0.95, at_least=True), "  0.960  (at least 0.95: holds)  work"),
        (Bound("work", 0.9, 0.95, at_least=True), "  0.900  (at least 0.95: DOES NOT HOLD)  work"),
        (Bound("draw", 80, 100, unit=" ms"), " 80.000 ms  (at most 100 ms: holds)  draw"),
    ],
)
def test_a_ratio_says_its_bound_and_whether_it_holds(ratio, line):
    assert ratio.line() == line


def test_rival_and_baseline_take_turns_and_are_compared_round_by_round(monkeypatch, capsys):
    turns = []
    times = iter([4.0, 2.0, 3.0, 1.0, 9.0, 8.0] * 10)

    def seconds(work):
        turns.append(work)
        return next(times)

    monkeypatch.setattr(overhead, "seconds", seconds)
    monkeypatch.setattr(overhead, "ROUNDS", 3)
    assert overhead.in_turns("ours", "bare", "work") == 2.0
    assert turns == ["ours", "bare"] * 3
    printed = capsys.readouterr().out.splitlines()
    assert printed == [
        "  work: measure  4.000 (3.000 to 9.000) s",
        "  work: bare     2.000 (1.000 to 8.000) s",
        "  work: ratio    2.000 (1.125 to 3.000)",
    ]


@pytest.mark.processes
@pytest.mark.parametrize(("worse", "code"), [(0.0, 0), (9.0, 1)])
def test_the_outcome_is_that_all_hold(monkeypatch, capsys, own_notes, worse, code):
    monkeypatch.setattr(overhead, "whole_call", lambda *_: 1.0 + worse)
    monkeypatch.setattr(overhead, "work_alone", lambda *_: 1.0)
    monkeypatch.setattr(overhead, "of_ceiling", lambda: 0.99)
    monkeypatch.setattr(overhead, "redraw", lambda: 50.0)
    monkeypatch.setattr(overhead, "slowest_check", lambda: 1.0)
    monkeypatch.setattr(overhead, "millisecond_tasks", lambda: [range(10)])
    monkeypatch.setattr(overhead.psutil, "cpu_percent", lambda interval: 3.0)
    assert overhead.main([]) == code
    printed = capsys.readouterr().out
    assert "the machine was 3% busy with other things" in printed
    assert printed.count("holds") + printed.count("DOES NOT HOLD") == 7


@pytest.mark.slow
def test_every_ratio_can_be_measured(monkeypatch, capsys, quiet, own_notes):
    monkeypatch.setattr(overhead, "ROUNDS", 1)
    monkeypatch.setattr(overhead, "MILLISECOND_TASKS", 50)
    monkeypatch.setattr(overhead, "EMPTY_TASKS", 200)
    overhead.main([])
    assert capsys.readouterr().out.count("at most") == 6


@pytest.mark.skipif(not why_missing("interpreters"), reason="this Python has interpreters")
def test_without_interpreters_nothing_is_recorded(capsys):
    assert interpreters.main(["--record"]) == 1
    assert "3.14 has" in capsys.readouterr().err
