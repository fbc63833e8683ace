"""Pictures of costs: what is drawn is what was measured, and the same in words."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import pytest

from helpers.engines.ratios import DISTURBED, Ratio
from helpers.engines.records import Run, TaskRecord
from helpers.measure.chunking import BreakEven
from helpers.measure.memory import Weight
from helpers.measure.pickling import PickleCost
from helpers.plots import costs as plots
from tests.measure.test_libraries import FOUND
from tests.measure.test_scaling import IDEAL

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def run_of(wall: float, *others: float) -> Run:
    """A Run of the round that took `wall` s, and of others."""
    records = (TaskRecord(0, 1, 1, 0.0, wall / 2, wall / 2),)
    return Run("work", "processes", 1, "3", 0.0, (wall, *others), records, [])


def texts(ax) -> str:
    ax.figure.canvas.draw()
    labels = [*ax.get_xticklabels(), *ax.get_yticklabels(), *ax.texts]
    legend = ax.get_legend()
    labels += legend.get_texts() if legend else []
    return " | ".join(label.get_text() for label in labels)


def test_weights_have_a_row_a_kind_and_what_is_not_known_is_not_drawn():
    weights = {"thread": Weight(1e4, 1e4, 1e4), "spawn": Weight(2e7, None, None)}
    ax = plots.plot_weights(weights)
    assert [list(line.get_xdata()) for line in ax.lines] == [[0.01], [0.01], [0.01, 20.0]]
    assert "spawn" in texts(ax)
    assert plots.weights_in_words(weights)[1] == "spawn: 20.00 MB of RSS"


def test_parcels_show_both_times_and_the_size():
    pickled = {"list": PickleCost(2_000, 0.001, 0.002)}
    ax = plots.plot_pickling(pickled)
    assert [bar.get_width() for bar in ax.patches] == [1.0, 2.0]
    assert "2 kB" in texts(ax)
    assert plots.pickling_in_words(pickled) == ["list: 2 kB, 1.00 ms to pickle, 2.00 ms to rebuild"]


def test_idle_time_is_drawn_in_percent_by_size_of_the_message():
    ax = plots.plot_idle({1: run_of(1.0), 4: run_of(2.0)})
    assert list(ax.lines[0].get_ydata()) == [50.0, 50.0]
    assert "1 | 4" in texts(ax)
    assert plots.idle_in_words({4: run_of(2.0)}) == [
        "4 tasks in a message: 2000 ms, workers idle 50% of the median round"
    ]
    assert plots.idle_in_words({1: run_of(2.0)})[0].startswith("1 task in a message: ")


def test_cuts_are_drawn_beside_the_loop():
    ax = plots.plot_cuts({2: run_of(0.5), 8: run_of(0.7)}, run_of(0.9))
    assert list(ax.lines[0].get_ydata()) == [500.0, 700.0]
    assert "one loop" in texts(ax)
    assert plots.cuts_in_words({2: run_of(0.5)}, run_of(0.9)) == [
        "one loop: 900 ms",
        "cut into 2 tasks 500 ms",
    ]


def test_cuts_of_several_rounds_are_told_with_their_range():
    assert plots.cuts_in_words({2: run_of(0.5, 0.4, 0.9)}, run_of(0.9)) == [
        "one loop: 900 ms",
        "cut into 2 tasks 500 ms (400 to 900)",
    ]
    ax = plots.plot_cuts({2: run_of(0.5, 0.4, 0.9)}, run_of(0.9))
    (segment,) = ax.containers[0][2][0].get_segments()
    assert [y for _, y in segment] == pytest.approx([400.0, 900.0])


def test_break_even_is_drawn_with_what_was_predicted():
    found = BreakEven(2, ((1e-5, Ratio(0.5, 0.4, 0.6)), (4e-5, Ratio(2.0, 1.5, 2.2))))
    shown = texts(plots.plot_break_even(found, {"by the pipe": 3e-5}))
    assert "measured: 20 µs" in shown
    assert "by the pipe: 30 µs" in shown
    assert plots.break_even_in_words(found)[1] == "break-even: at 20 µs"
    assert "0.50 (0.40 to 0.60) at 10 µs" in plots.break_even_in_words(found)[0]
    never = BreakEven(2, ((1e-5, Ratio(0.5, 0.5, 0.5)), (4e-5, Ratio(0.7, 0.7, 0.7))))
    assert plots.break_even_in_words(never)[1] == "break-even: beyond all of them"
    assert "measured" not in texts(plots.plot_break_even(never))


def test_scaling_shows_each_share_the_ideal_and_the_ceiling():
    shown = texts(plots.plot_scaling(IDEAL))
    for label in ("ideal", "this machine's ceiling", "25% serial", "50% serial", "start paid"):
        assert label in shown
    words = plots.scaling_in_words(IDEAL)
    assert words[0] == "medians of 3 rounds, in brackets the lowest and the highest"
    assert words[1] == (
        "this machine's ceiling: 2.00 (2.00 to 2.00) with 2, 2.00 (2.00 to 2.00) with 4"
    )
    assert "held back by: machine" in words[2]
    assert not any(DISTURBED in line for line in words)


def test_a_disturbed_scaling_says_so_in_words_and_in_its_picture():
    found = replace(IDEAL, ceiling_walls={2: (0.9,) * 3, 4: (0.5,) * 3})
    assert DISTURBED in plots.scaling_in_words(found)[-1]
    assert DISTURBED in texts(plots.plot_scaling(found)).replace("\n", " ")


def test_the_compared_tools_are_drawn_as_ratios_to_the_best():
    ax = plots.plot_libraries(FOUND)
    assert "10^" not in texts(ax)  # the ratios are small: plain numbers name the marks
    assert "each mark" not in ax.get_xlabel()
    drawn = {one.get_label(): list(one[0].get_xdata()) for one in ax.containers}
    assert drawn["joblib"] == [1.0, 2.0, 1.0, 1.0]
    assert drawn["ProcessPoolExecutor"] == [2.0, 1.0, 2.0, 4.0]
    with pytest.raises(TypeError, match="compared must be a LibraryComparison"):
        plots.plot_libraries([1])
