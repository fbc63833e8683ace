"""Programs held against the loop and the ceiling; what is refused; and the pictures of it."""

from __future__ import annotations

import os
import time

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from helpers.measure import ceiling
from helpers.measure.ceiling import Climb, climb
from helpers.plots.predictions import plot_guesses
from helpers.plots.speedup import plot_climb, plot_explored, plot_pieces
from helpers.progress.predictions import Guess
from helpers.workers.compute import count_primes
from tests.plots.test_runs import drawn, texts

pytestmark = pytest.mark.once

mpl.use("agg")

TASKS = [range(start, start + 2_000) for start in range(100_000, 116_000, 2_000)]


@pytest.fixture(autouse=True)
def closed():
    """Close every figure after a test."""
    yield
    plt.close("all")


def made(**changes) -> Climb:
    """Return a loop of 2 s, one program of 4 s and one of 1.25 s, and a ceiling of 1.6."""
    plain = {
        "workers": 2, "loop": 2.0, "walls": {"rows": 4.0, "halves": 1.25}, "ceiling": 1.6,
        "others": 0.0, "rounds": 3, "result": 7, "results": {"rows": 7, "halves": 7},
    }  # fmt: skip
    return Climb(**plain | changes)


def test_its_numbers_are_those_of_the_best_rounds():
    found = made()
    assert (found.speedup("rows"), found.speedup("halves")) == (0.5, 1.6)
    assert found.of_ceiling("halves") == 1.0
    assert found.last == "halves"
    assert found.near
    assert found.right
    assert found.no_room == ""


@pytest.mark.parametrize(
    ("changes", "settled"),
    [
        ({}, True),
        ({"walls": {"halves": 1.5}}, False),  # too slow
        ({"walls": {"halves": 1.0}}, False),  # too fast to be true
        ({"ceiling": 1.3, "walls": {"halves": 1.55}}, False),  # the ceiling itself is low
    ],
)
def test_it_is_settled_near_a_ceiling_that_can_be_believed(changes, settled):
    assert made(**changes).settled == settled


def test_it_says_what_is_wrong_and_where_there_is_no_room():
    assert not made(results={"rows": 7, "halves": 8}).right
    assert not made(walls={"halves": 1.5}).near
    assert made(ceiling=1.1).no_room == "2 independent programs together were 1.10 times one"
    busy = made(others=1.25, walls={"halves": 1.9})
    assert busy.no_room == "other programs kept 1.2 cores busy meanwhile"
    assert made(others=1.25).no_room == ""  # the last one has reached the ceiling all the same


def test_what_others_use_is_the_machines_time_less_ours(monkeypatch):
    machine, ours, clock = iter((100.0, 110.0)), iter(({1: 5.0}, {1: 7.0, 2: 3.0})), iter((0, 4))
    monkeypatch.setattr(ceiling, "_machine_seconds", lambda: next(machine))
    monkeypatch.setattr(ceiling, "_our_seconds", lambda: next(ours))
    monkeypatch.setattr(ceiling, "perf_counter", lambda: next(clock))
    assert ceiling.Account().others() == (10 - 2 - 3) / 4


def test_our_own_work_is_counted_as_ours_and_as_the_machines():
    machine, ours = ceiling._machine_seconds(), ceiling._our_seconds()[os.getpid()]
    began = time.process_time()
    while time.process_time() - began < 0.3:
        pass
    assert ceiling._our_seconds()[os.getpid()] - ours > 0.25
    assert ceiling._machine_seconds() - machine > 0.25


def test_it_says_the_same_in_words():
    assert made().in_words() == [
        "one loop takes 2.000 s; best of 3 rounds",
        "rows: 0.50 times as fast as one loop, 31% of the ceiling",
        "halves: 1.60 times as fast as one loop, 100% of the ceiling",
        "this machine's ceiling with 2 workers: 1.60 times",
        "nine tenths of the ceiling: reached by 'halves' (1.00)",
    ]
    assert made(walls={"halves": 2.0}).in_words()[-1].endswith(": not reached by 'halves' (0.62)")
    assert "in a bad moment (1.25)" in made(walls={"halves": 1.0}).in_words()[-1]
    busy = made(others=1.25).in_words()[-1]
    assert busy.endswith("(1.00); other programs kept 1.2 cores busy meanwhile")


@pytest.mark.processes
@pytest.mark.usefixtures("quiet")
def test_programs_take_turns_on_workers_that_stand_ready():
    calls, seen = [], []

    def loop():
        calls.append("loop")
        return sum(map(count_primes, TASKS))

    def program(executor):
        calls.append("program")
        return sum(executor.map(count_primes, TASKS))

    found = climb(
        loop, {"program": program}, count_primes, TASKS, rounds=5,
        enough=lambda one: one.rounds >= 3, progress=lambda *step: seen.append(step),
    )  # fmt: skip
    assert calls == ["loop", "program"] * 3
    assert seen == [(1, 5), (2, 5), (3, 5)]
    assert found.right
    assert found.result == found.results["program"] > 0
    assert found.ceiling > 0
    assert found.workers == 2


@pytest.mark.processes
@pytest.mark.usefixtures("quiet")
def test_no_round_begins_when_patience_is_over():
    found = climb(
        lambda: 1, {"p": lambda executor: 1}, count_primes, TASKS[:1], patience=0, workers=1
    )
    assert found.rounds == 1


@pytest.mark.processes
@pytest.mark.usefixtures("quiet")
def test_what_a_program_raises_is_raised_and_nothing_is_left():
    def fails(executor):
        raise KeyError("on purpose")

    with pytest.raises(KeyError, match="on purpose"):
        climb(lambda: 1, {"fails": fails}, count_primes, TASKS)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"loop": 5}, "loop must be a function without arguments"),
        ({"programs": [print]}, "programs must be a dict of name: function"),
        ({"programs": {}}, "programs must be a dict with at least one program"),
        ({"programs": {"a": 5}}, "programs must be names and functions"),
        ({"programs": {"": print}}, "programs must be names that are not empty"),
        ({"worker": lambda task: task}, "worker must be a function at the top level"),
        ({"tasks": []}, "tasks must be a list with at least one task"),
        ({"workers": 0}, "workers must be a whole number from 1 to 61"),
        ({"rounds": 0}, "rounds must be a whole number"),
        ({"patience": -1}, "patience must be a number from 0 to 3600"),
        ({"enough": 5}, "enough"),
    ],
)
def test_what_can_not_be_measured_is_refused(changes, match):
    plain = {"loop": int, "programs": {"a": int}, "worker": count_primes, "tasks": TASKS}
    with pytest.raises((TypeError, ValueError), match=match):
        climb(**plain | changes)


# --- pictures -------------------------------------------------------------------------------------


def test_a_climb_has_a_bar_for_each_program_and_the_ceiling():
    ax = plot_climb(made())
    written = texts(ax)
    assert "rows" in written
    assert "0.50 (slower than the loop)" in written
    assert "ceiling" in written
    assert "times as fast as one loop, with 2 workers" in written
    assert [bar.get_width() for bar in ax.patches] == [0.5, 1.6]
    assert drawn(ax)


def test_a_bar_about_as_long_as_the_loops_is_not_called_slower():
    assert "0.98 (as the loop)" in texts(plot_climb(made(walls={"rows": 2.04})))


def test_pieces_have_a_mark_each_and_the_workers_a_name():
    ax = plot_pieces([(1, 2, 0.9, 1.9), (240, 2, 0.3, 1.8), (2, 1, 0.9, 1.0)])
    written = texts(ax)
    assert "2 workers" in written
    assert "1 worker\n" in written + "\n"
    assert ax.get_xscale() == "log"
    assert drawn(ax)


def test_guesses_lie_on_the_line_above_and_below_and_at_the_rim():
    found = [
        Guess("01", "right", "?", 4.0, 4.0),
        Guess("01", "high", "?", 40.0, 4.0),
        Guess("02", "rim", "?", 1e9, 1.0),
        Guess("02", "none", "?", -1.0, 1.0),
    ]
    ax = plot_guesses(found)
    marks = [line for line in ax.lines if line.get_marker() in "o^v"]
    assert [float(mark.get_ydata()[0]) for mark in marks] == [1.0, 10.0, 1_000.0, 1 / 1_000]
    assert [mark.get_marker() for mark in marks] == ["o", "o", "^", "v"]
    assert "01" in texts(ax)
    assert "right" in texts(ax)
    assert drawn(ax)


@pytest.mark.parametrize(
    ("plot", "wrong"), [(plot_climb, 5), (plot_pieces, []), (plot_guesses, []), (plot_explored, [])]
)
def test_what_can_not_be_drawn_is_refused(plot, wrong):
    with pytest.raises((TypeError, ValueError), match="must be"):
        plot(wrong)
