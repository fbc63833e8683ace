"""Programs held against the loop and the ceiling; what is refused; and the pictures of it."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from helpers.engines.ratios import DISTURBED, Ratio
from helpers.measure.program_comparison import ProgramComparison, compare_programs
from helpers.plots.predictions import plot_guesses
from helpers.plots.speedup import plot_pieces, plot_programs
from helpers.progress.predictions import Guess
from helpers.workers.compute import count_primes
from tests.plots.test_runs import drawn, texts

pytestmark = pytest.mark.once

mpl.use("agg")

TASKS = [range(start, start + 2_000) for start in range(100_000, 116_000, 2_000)]


@pytest.fixture(autouse=True)
def closed():
    """No figure stays open after a test."""
    yield
    plt.close("all")


def made(**changes) -> ProgramComparison:
    """Three equal rounds: a loop of 2 s, a program of 4 s, one of 1.25 s, and a ceiling of 1.6."""
    plain = {
        "workers": 2, "loops": (2.0,) * 3,
        "walls": {"rows": (4.0,) * 3, "halves": (1.25,) * 3}, "ceiling_walls": (1.25,) * 3,
        "others": 0.0, "result": 7, "results": {"rows": 7, "halves": 7},
    }  # fmt: skip
    return ProgramComparison(**plain | changes)


def test_its_numbers_are_the_medians_of_the_rounds():
    found = made(walls={"rows": (4.0,) * 3, "halves": (1.25, 2.0, 1.0)})
    assert (found.speedup("rows"), found.speedup("halves")) == (0.5, 1.6)
    assert found.speedup_range("halves") == Ratio(1.6, 1.0, 2.0)
    assert found.speedup_over("rows", "halves") == Ratio(3.2, 2.0, 4.0)
    assert found.of_ceiling("halves") == 1.0
    assert found.of_ceiling_range("halves") == Ratio(1.0, 0.625, 1.25)
    assert found.ceiling == Ratio(1.6, 1.6, 1.6)
    assert (found.loop, found.rounds) == (2.0, 3)
    assert found.last == "halves"
    assert found.near
    assert found.right
    assert found.no_room == ""


def test_a_busy_round_of_the_loop_changes_no_median():
    found = made(loops=(2.0, 20.0, 2.0))
    assert (found.speedup("halves"), found.loop) == (1.6, 2.0)
    assert found.speedup_range("halves").highest == 16.0


def test_one_round_is_enough_for_numbers_and_words():
    found = made(loops=(2.0,), walls={"halves": (1.25,)}, ceiling_walls=(1.25,))
    assert found.speedup_range("halves") == Ratio(1.6, 1.6, 1.6)
    assert "medians of 1 rounds" in found.in_words()[0]


def test_a_program_above_the_ceiling_was_disturbed_and_the_words_say_so():
    found = made(walls={"rows": (4.0,) * 3, "halves": (1.0, 1.1, 1.2)})
    (said,) = found.disturbed()
    assert said.startswith(f"{DISTURBED}: halves was 1.82 (1.67 to 2.00) times as fast")
    assert found.in_words()[-1] == said


def test_a_program_whose_range_reaches_the_ceiling_was_not_disturbed():
    found = made(walls={"halves": (1.0, 1.1, 1.25)})
    assert found.disturbed() == []
    assert not any(DISTURBED in line for line in found.in_words())


def test_a_program_in_which_this_process_works_too_may_be_above_the_ceiling_of_the_workers():
    # The loop takes 2 s. This process does 0.5 s of it, and two interpreters would need 0.94 s for
    # the rest.
    walls = {"rows": (4.0,) * 3, "halves": (1.0,) * 3}
    assert len(made(walls=walls).disturbed()) == 1
    helped = made(walls=walls, own_cpus={"rows": (0.0,) * 3, "halves": (0.5,) * 3})
    assert helped.disturbed() == []
    assert (
        "125% of the ceiling; this process itself computed for 25% of a loop"
        in helped.in_words()[2]
    )
    assert helped.in_words()[1].endswith("31% of the ceiling")
    too_fast = made(walls={"halves": (0.9,) * 3}, own_cpus={"halves": (0.5,) * 3})
    assert len(too_fast.disturbed()) == 1
    all_here = made(walls={"halves": (2.1,) * 3}, own_cpus={"halves": (2.1,) * 3})
    assert all_here.disturbed() == []


def test_it_says_what_is_wrong_and_where_there_is_no_room():
    assert not made(results={"rows": 7, "halves": 8}).right
    assert not made(walls={"halves": (1.5,) * 3}).near
    narrow = made(ceiling_walls=(2.0, 1.8, 1.9))
    assert narrow.no_room == (
        "2 independent programs together were 1.05 (1.00 to 1.11) times as fast as one loop"
    )
    busy = made(others=1.25, walls={"halves": (1.9,) * 3})
    assert busy.no_room == "other programs kept 1.2 cores busy meanwhile"
    assert made(others=1.25).no_room == ""  # the last one has reached the ceiling all the same


def test_it_says_the_same_in_words():
    assert made(walls={"rows": (4.0,) * 3, "halves": (1.25, 2.0, 1.0)}).in_words() == [
        "one loop takes 2.000 s; medians of 3 rounds, in brackets the lowest and the highest",
        "rows: 0.50 (0.50 to 0.50) times as fast as one loop, 31% of the ceiling",
        "halves: 1.60 (1.00 to 2.00) times as fast as one loop, 100% of the ceiling",
        "this machine's ceiling with 2 workers: 1.60 (1.60 to 1.60) times",
        "nine tenths of the ceiling: reached by 'halves': 1.00 (0.62 to 1.25)",
    ]
    slow = made(walls={"halves": (2.0,) * 3}).in_words()[-1]
    assert slow.endswith(": not reached by 'halves': 0.62 (0.62 to 0.62)")
    busy = made(others=1.25).in_words()[-1]
    assert busy.endswith("; other programs kept 1.2 cores busy meanwhile")


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

    found = compare_programs(
        loop, {"program": program}, count_primes, TASKS, rounds=3,
        progress=lambda *step: seen.append(step),
    )  # fmt: skip
    assert calls == ["loop", "program"] * 3
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert found.rounds == len(found.walls["program"]) == len(found.ceiling_walls) == 3
    assert found.right
    assert found.result == found.results["program"] > 0
    assert found.ceiling.lowest > 0
    assert found.workers == 2
    assert [len(cpus) for cpus in found.own_cpus.values()] == [3]
    assert all(cpu >= 0 for cpu in found.own_cpus["program"])


@pytest.mark.processes
@pytest.mark.usefixtures("quiet")
def test_what_a_program_raises_is_raised_and_nothing_is_left():
    def fails(executor):
        raise KeyError("on purpose")

    with pytest.raises(KeyError, match="on purpose"):
        compare_programs(lambda: 1, {"fails": fails}, count_primes, TASKS)


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
        ({"tasks": TASKS[:1]}, "tasks must be at least as many as workers"),
    ],
)
def test_what_can_not_be_measured_is_refused(changes, match):
    plain = {"loop": int, "programs": {"a": int}, "worker": count_primes, "tasks": TASKS}
    with pytest.raises((TypeError, ValueError), match=match):
        compare_programs(**plain | changes)


# --- pictures -------------------------------------------------------------------------------------


def test_a_comparison_has_a_bar_for_each_program_and_the_ceiling():
    ax = plot_programs(made())
    written = texts(ax)
    assert "rows" in written
    assert "0.50 (slower than the loop)" in written
    assert "ceiling" in written
    assert "times as fast as one loop, with 2 workers" in written
    assert "median and range of 3 rounds" in written
    assert "dashed: 0.9 of the ceiling" in written
    widths = [bar.get_width() for bar in ax.patches if 0.5 < bar.get_height() < 0.7]
    assert widths == [0.5, 1.6]
    assert drawn(ax)


def test_a_bar_about_as_long_as_the_loops_is_not_called_slower():
    assert "0.98 (as the loop)" in texts(plot_programs(made(walls={"rows": (2.04,) * 3})))


def test_the_picture_of_a_disturbed_comparison_says_so():
    found = made(walls={"halves": (1.0, 1.1, 1.2)})
    assert DISTURBED in texts(plot_programs(found))
    assert DISTURBED not in texts(plot_programs(made()))


def test_pieces_have_a_mark_each_and_the_workers_a_name():
    points = [(1, 2, 0.9, 1.9), (240, 2, 0.3, 1.8), (2, 1, 0.9, 1.0)]
    ax = plot_pieces(
        [
            (*cut, Ratio(speedup, speedup - 0.1, speedup + 0.1), Ratio(ceiling, ceiling, ceiling))
            for *cut, speedup, ceiling in points
        ]
    )
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


def test_what_is_no_comparison_is_not_drawn():
    with pytest.raises(TypeError, match="compared must be a ProgramComparison"):
        plot_programs(5)
