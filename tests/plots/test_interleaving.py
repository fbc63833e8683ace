"""The picture of a schedule shows every step, where an addition got lost, and says the same."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from helpers.interleaving import PROGRAMS, Interleaving, search
from helpers.plots.interleaving import lost_at, plot_schedule, print_schedule, schedule_in_words

mpl.use("agg")


@pytest.fixture(autouse=True)
def closed():
    """Close every figure after a test."""
    yield
    plt.close("all")


def texts(ax) -> list[str]:
    return [note.get_text().replace("\n", " ") for note in ax.texts]


def test_a_store_of_what_was_loaded_before_another_store_loses_it():
    assert lost_at(Interleaving("no lock").follow("ABABAB").history) == [5]
    assert lost_at(Interleaving("no lock").follow("AAABBB").history) == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_schedule_loses_something_exactly_if_a_store_overwrites(program):
    found = search(program, additions=2)
    for ending, schedule in found.examples.items():
        lost = lost_at(Interleaving(program, additions=2).follow(schedule).history)
        assert bool(lost) == (ending < found.expected)


def test_every_step_and_every_value_of_the_cell_is_in_the_picture():
    ax = plot_schedule(Interleaving("no lock").follow("AABABB"))
    assert sorted(texts(ax)) == sorted(
        ["load 0", "add 1", "load 0", "store 1", "add 1", "store 1", "✗", *list("000111")]
    )
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "worker A",
        "worker B",
        "shared cell",
    ]
    assert ax.get_title("left") == "no lock: the cell holds 1 of 2, 1 addition lost"


def test_the_next_steps_and_who_waits_are_in_the_picture():
    ax = plot_schedule(Interleaving("one lock from load to store").follow("A"))
    assert texts(ax) == ["take lock", "0", "load", "waits"]


def test_a_picture_of_nothing_yet_and_of_the_longest_can_be_drawn():
    assert texts(plot_schedule(Interleaving("no lock"))) == ["load", "load"]
    longest = search("a lock for each access", additions=3).worst
    ax = plot_schedule(Interleaving("a lock for each access", additions=3).follow(longest))
    assert len(ax.get_xticks()) == len(longest) == 42


def test_the_words_say_what_the_picture_shows(capsys):
    run = Interleaving("one lock from load to store").follow("AAAAA")
    assert schedule_in_words(run) == [
        "step 1: A takes the lock",
        "step 2: A loads 0",
        "step 3: A adds: its register is now 1",
        "step 4: A stores 1",
        "step 5: A frees the lock",
        "one lock from load to store: so far the cell holds 1",
    ]
    print_schedule(Interleaving("no lock").follow("ABABAB"))
    told = capsys.readouterr().out.splitlines()
    assert told[5] == "step 6: B stores 1: this overwrites an addition"


@pytest.mark.parametrize("function", [plot_schedule, schedule_in_words, print_schedule])
@pytest.mark.parametrize("run", [None, "ABAB", 5])
def test_what_is_no_interleaving_is_refused(function, run):
    with pytest.raises(TypeError, match="run must be an Interleaving"):
        function(run)


def test_axes_of_another_kind_are_refused():
    with pytest.raises(TypeError, match="ax must be matplotlib Axes"):
        plot_schedule(Interleaving("no lock"), ax=5)
