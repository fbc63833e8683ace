"""The last look at the predictions, and the decomposition explorer."""

from __future__ import annotations

import json
import math
import time

import pytest

from helpers.progress import outline, predictions, store
from helpers.progress.predictions import Guess
from helpers.widgets import DecompositionExplorer, compare, predict, show_predictions

LIMIT = 110  # seconds for a run, on a machine that is busy with other tests

pytestmark = [pytest.mark.usefixtures("quiet", "own_notes"), pytest.mark.once]


def guess(predicted: float, measured: float) -> Guess:
    return Guess("01", "name", "How many?", predicted, measured)


def note(name: str, **kept) -> None:
    store.keep("predictions", name, {"question": "How many?", **kept})


# --- the factor -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("predicted", "measured", "factor"),
    [
        (8, 4, 2), (1, 4, 0.25), (4, 4, 1), (-8, -4, 2), (0, 0.2, 1), (0, 5, None), (-1, 1, None),
        (0.3, 0.1, 1), (0.5, 0.25, 2),
    ],
)  # fmt: skip
def test_the_factor_is_1_where_it_was_right_and_none_where_there_is_none(
    predicted, measured, factor
):
    assert guess(predicted, measured).factor == factor


def test_off_is_the_factor_whichever_way():
    assert guess(1, 4).off == guess(16, 4).off == 4
    assert guess(0, 5).off == math.inf


def test_the_median_is_of_how_far_off_they_were():
    assert predictions.median_off([guess(1, 2), guess(9, 3), guess(0, 5)]) == 3


# --- which are shown, and in which order ----------------------------------------------------------


def test_guesses_come_in_the_order_of_the_course_with_their_lessons():
    note("words-threads", predicted=1.9, measured=1.0)  # lesson 07
    note("list-length", predicted=4, measured=3)  # lesson 01
    note("my-own", predicted=1, measured=2)
    found = predictions.guesses()
    assert [(one.lesson, one.name) for one in found] == [
        ("01", "list-length"), ("07", "words-threads"), ("other", "my-own")
    ]  # fmt: skip


def test_every_prediction_of_the_lessons_has_its_lesson_and_its_name_once():
    places = predictions._places()
    asked = [
        name
        for lesson in outline.lessons()
        if (outline.ROOT / lesson.source).exists()
        for name in predictions._ASKED.findall(
            (outline.ROOT / lesson.source).read_text(encoding="utf-8")
        )
    ]
    assert sorted(asked) == sorted(places)
    assert places["tiny-days"] == "10"


def test_only_what_was_kept_and_measured_counts():
    note("words-threads", predicted=2)
    note("four-processes", measured=2)
    store.keep("predictions", "late-in-c", "spoiled")
    note("tiny", predicted="x", measured=1)
    note("hash-threads", predicted=float("nan"), measured=1)
    note("waiting-threads", predicted=True, measured=1)
    assert predictions.guesses() == []


def test_notes_of_another_kind_are_no_guesses(own_notes):
    own_notes.parent.mkdir()
    own_notes.write_text('{"predictions": 5}', encoding="utf-8")
    assert predictions.guesses() == []


def test_a_number_that_was_changed_after_the_experiment_is_not_the_prediction(own_notes):
    asked = predict("words-threads", "How many?")
    for answer in ("4", "2"):  # twice before the experiment: the last one counts
        asked.answer.value = answer
        asked.keep()
    compare("words-threads", 1.0)
    for answer in ("1", "1.01"):
        asked.answer.value = answer
        asked.keep()
        compare("words-threads", 1.0)
    kept = json.loads(own_notes.read_text(encoding="utf-8"))["predictions"]["words-threads"]
    assert (kept["predicted"], kept["first"]) == (1.01, 2.0)
    assert [one.predicted for one in predictions.guesses()] == [2.0]


# --- the widget -----------------------------------------------------------------------------------

TEXT = "Your predictions: open this notebook in JupyterLab to see how far off they were"


def test_nothing_predicted_is_said_and_no_picture_shown():
    look = show_predictions()
    assert "Nothing to show yet" in look.words.value
    assert not hasattr(look, "picture")
    assert repr(look) == TEXT


def test_what_was_predicted_is_shown_and_said():
    note("words-threads", predicted=2.0, measured=1.0)
    note("four-processes", predicted=2.0, measured=1.9)
    look = show_predictions()
    assert bytes(look.picture.value).startswith(b"\x89PNG")
    words = "lesson 07: 2 predictions, median off by a factor of 1.53; the furthest off was "
    assert words + "words-threads: predicted 2, measured 1" in look.words.value
    assert words in look.picture.tooltip
    assert repr(look) == TEXT


def test_a_count_is_said_in_full():
    note("words-threads", predicted=1_434.0, measured=2_868)
    assert "measured 2,868" in show_predictions().words.value


def test_what_has_no_factor_is_said_in_words():
    note("exit-code", predicted=-1.0, measured=1.0)
    assert "median too far off for a factor" in show_predictions().words.value


# --- the decomposition explorer -------------------------------------------------------------------


@pytest.fixture(scope="module")
def explorer() -> DecompositionExplorer:
    """Return one for several tests, because its first run takes most of their time."""
    return DecompositionExplorer("simulation", pieces=2, workers=1)


@pytest.mark.processes
def test_it_shows_a_first_result_before_anyone_touches_it(explorer):
    assert bytes(explorer.picture.value).startswith(b"\x89PNG")
    assert "2 pieces on 1 processes" in explorer.status.value
    assert "times as fast as one piece in a loop; ceiling" in explorer.words.value
    assert "did 2 tasks of days" in explorer.picture.tooltip
    assert repr(explorer) == "Decomposition explorer: open this notebook in JupyterLab to use it"


@pytest.mark.processes
def test_another_number_of_pieces_is_added_to_the_same_picture(explorer):
    before = explorer.picture.value
    explorer.pieces.value = 3
    assert "2 pieces on 1 processes" in explorer.words.value  # what was measured stays
    explorer.start()
    assert explorer.wait(LIMIT)
    assert "3 pieces on 1 processes" in explorer.status.value
    assert explorer.picture.value != before
    assert "2 pieces on 1 processes" in explorer.words.value


@pytest.mark.processes
def test_another_case_has_its_own_pieces_and_picture(explorer):
    explorer.cases.value = "search"
    assert explorer.pieces.value == 18
    assert max(value for _, value in explorer.pieces._options_full) == 18
    assert "Not measured yet" in explorer.words.value
    explorer.cases.value = "simulation"
    assert "2 pieces on 1 processes" in explorer.words.value


@pytest.mark.slow
def test_every_case_runs_and_its_files_are_removed(explorer, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("data", "images"):
        explorer.cases.value = name
        explorer.pieces.value = 2
        explorer.start()
        assert explorer.wait(LIMIT)
        assert "2 pieces on 1 processes" in explorer.status.value
    assert list(tmp_path.iterdir()) == []


@pytest.mark.processes
def test_stop_ends_a_run_within_a_second(explorer):
    explorer.cases.value = "simulation"
    explorer.pieces.value = 6_000
    explorer.start()
    began = time.monotonic()
    explorer.stop()
    assert explorer.wait(LIMIT)
    assert time.monotonic() - began < 5  # with the ending of all it started
    assert explorer.status.value == "stopped; nothing is left running"


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"name": "sound"}, "name must be one of blur"),
        ({"pieces": 0}, "pieces must be a whole number from 1 to 240"),
        ({"workers": 99}, "workers must be a whole number from 1 to 32"),
    ],
)
def test_an_explorer_of_nothing_is_refused(arguments, match):
    with pytest.raises(ValueError, match=match):
        DecompositionExplorer(**arguments)
