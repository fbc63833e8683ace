"""What a learner sees of a failure before and after naming it; first choices are kept."""

from __future__ import annotations

import pytest

from helpers.diagnosis.museum import pieces, visit_all
from helpers.progress import store
from helpers.widgets import Exhibit, Hall, score

pytestmark = pytest.mark.usefixtures("quiet", "own_notes")
NAMES = ("two_orders", "exception_lost", "process_for_each")


@pytest.fixture(scope="module")
def visits():
    """Return three visits: one program hangs, one ends, one is slow."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COURSE_RUN_STILL", "0.4")
        return visit_all(NAMES, together=3)


@pytest.mark.processes
def test_it_shows_the_program_what_was_seen_and_the_stacks_but_not_the_name(visits):
    exhibit = Exhibit(visits["two_orders"])
    for words in ("both.wait()", "alive, waits", "Process-2: line 16", "outermost call first"):
        assert words in exhibit.seen.value
    assert exhibit.choice.value is None
    assert exhibit.choice.options == pieces()["two_orders"].choices
    assert exhibit.answer.value == ""
    assert pieces()["two_orders"].name not in exhibit.seen.value


@pytest.mark.processes
@pytest.mark.parametrize("name", NAMES)
def test_a_right_choice_brings_name_cause_cure_and_the_changed_lines(visits, name):
    exhibit, piece = Exhibit(visits[name]), pieces()[name]
    exhibit.choice.value = piece.name
    told = exhibit.answer.value
    assert "<b>Yes.</b>" in told
    assert f"it is: <b>{piece.name}</b>" in told
    assert "<ins" in told and "<del" in told
    assert "It ended well" in told


@pytest.mark.processes
def test_a_wrong_choice_says_what_that_would_be(visits):
    exhibit = Exhibit(visits["two_orders"])
    exhibit.choice.value = "a lock taken twice"
    assert "<b>Not quite.</b>" in exhibit.answer.value
    assert (
        "<i>a lock taken twice</i> would be: The process acquired the lock" in exhibit.answer.value
    )
    assert "it is: <b>locks taken in different orders</b>" in exhibit.answer.value


@pytest.mark.processes
def test_who_asks_is_shown_the_answer(visits):
    exhibit = Exhibit(visits["exception_lost"])
    exhibit.show_button.click()
    assert "it is: <b>an exception that went unnoticed</b>" in exhibit.answer.value
    assert "Not quite" not in exhibit.answer.value
    assert store.read("museum")["exception_lost"] == {"first": "show me", "right": False}


@pytest.mark.processes
def test_the_first_choice_is_kept_and_counts(visits, capsys):
    first, second = Exhibit(visits["two_orders"]), Exhibit(visits["process_for_each"])
    first.choice.value = "a lock taken twice"
    first.choice.value = "locks taken in different orders"
    second.choice.value = "a process for each task"
    kept = store.read("museum")
    assert kept["two_orders"] == {"first": "a lock taken twice", "right": False}
    assert kept["process_for_each"]["right"] is True
    score()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "measured: 1 of 2 named at the first choice"
    assert "measured: slow: 1 of 2 not named yet; look again at: none" in lines
    assert any(line.endswith("look again at: After you. No, after you") for line in lines)
    assert all(line.startswith("measured: ") for line in lines)


@pytest.mark.processes
@pytest.mark.parametrize("kept", [None, 5, [1], {"right": "yes"}, {}])
def test_notes_of_another_shape_do_no_harm(visits, kept, capsys):
    store.keep("museum", "two_orders", kept)
    score()
    assert " of " in capsys.readouterr().out
    Exhibit(visits["two_orders"]).show_button.click()


@pytest.mark.processes
def test_the_number_of_a_slow_one_is_shown_and_that_of_the_cured_one_afterwards(visits):
    exhibit = Exhibit(visits["process_for_each"])
    assert "<b>processes started:</b> 12" in exhibit.seen.value
    assert "7 more" in exhibit.seen.value
    exhibit.show_button.click()
    assert "<b>processes started:</b> 2" in exhibit.answer.value


@pytest.mark.processes
def test_a_hall_shows_one_exhibit_at_a_time(visits):
    hall = Hall(visits)
    assert hall.room.children == (hall.exhibits[0],)
    assert hall.told.value == "0 of 3 named"
    hall.exhibits[0].show_button.click()
    assert hall.told.value == "1 of 3 named"
    hall.next_button.click()
    assert hall.room.children == (hall.exhibits[1],)
    hall.list.value = 2
    hall.next_button.click()
    assert hall.room.children == (hall.exhibits[0],)


@pytest.mark.processes
def test_their_texts_in_a_notebook_are_fixed(visits):
    assert repr(Exhibit(visits["two_orders"])) == (
        "Exhibit, After you. No, after you: open this notebook in JupyterLab to use it"
    )
    assert repr(Hall(visits)).startswith("Hall, first visit: 3 exhibits; open this notebook")


@pytest.mark.processes
def test_what_can_not_be_shown_is_refused(visits):
    with pytest.raises(TypeError, match="what must be a Visit or the id of an exhibit, got 5"):
        Exhibit(5)
    with pytest.raises(ValueError, match="name must be one of one_sentinel"):
        Exhibit("no such piece")
    with pytest.raises(TypeError, match="visits must be a dict of Visits"):
        Hall(list(visits))
    with pytest.raises(ValueError, match="visits must be at least one Visit"):
        Hall({})
