"""What a learner did is kept, whatever the notes hold; the map shows it and says what is next."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from helpers.progress import labs as progress
from helpers.progress import outline, store
from helpers.progress.course_map import CourseMap, show_progress
from helpers.progress.labs import (
    CourseProgress,
    LabProgress,
    PuzzleProgress,
    RequirementProgress,
    can_be_kept,
    course_progress,
    lab_progress,
    record_hint,
    record_solution_opened,
    record_try,
)
from helpers.progress.outline import Lab, Lesson, PuzzleSet, requirements

pytestmark = pytest.mark.usefixtures("own_notes")
LAB = "01"
NAMES = requirements(LAB)
TODO = dict.fromkeys(NAMES, "todo")
OK = dict.fromkeys(NAMES, "ok")
PART = {**dict.fromkeys(NAMES, "not yet"), NAMES[0]: "ok"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


def test_at_first_nothing_is_begun():
    found = lab_progress(LAB)
    assert found == LabProgress(LAB, tuple(RequirementProgress(name) for name in NAMES))
    assert (found.begun, found.checked, found.done, found.state) == (
        False,
        False,
        False,
        "not begun",
    )
    assert found.first_open == NAMES[0]


def test_a_check_of_what_is_not_written_is_no_try():
    assert record_try(LAB, TODO, "raise NotImplementedError")
    found = lab_progress(LAB)
    assert (found.tries, found.checked, found.state) == (0, True, "not begun")


def test_a_try_is_kept_with_what_is_ok_and_since_when():
    record_try(LAB, PART, "x = 1")
    found = lab_progress(LAB)
    first, second, *_ = found.requirements
    assert (first.ok, first.first_ok_try, second.ok, second.first_ok) == (True, 1, False, "")
    assert TIME.fullmatch(first.first_ok)
    assert (found.tries, found.met, found.done, found.solved) == (1, 1, False, "")
    assert found.state == f"1 of {len(NAMES)}"
    assert found.first_open == NAMES[1]


@pytest.mark.parametrize("again", ["x = 1", "x = 1\n\n", "x = 1  # a comment", "\nx=1"])
def test_the_same_answer_again_is_no_try(again):
    record_try(LAB, PART, "x = 1")
    record_try(LAB, PART, again)
    assert lab_progress(LAB).tries == 1
    record_try(LAB, PART, "x = 2")
    record_try(LAB, PART, "x = 1")  # back to what was tried before the last one
    assert lab_progress(LAB).tries == 3


@pytest.mark.parametrize("text", ["def (:", "\0", "(" * 5_000, "'\\d'", "\ud800", ""])
def test_an_answer_that_is_no_python_counts_too(text):
    record_try(LAB, PART, text)
    record_try(LAB, PART, text)
    assert lab_progress(LAB).tries == 1


def test_what_is_no_longer_ok_keeps_when_it_first_was():
    record_try(LAB, PART, "x = 1")
    since = lab_progress(LAB).requirements[0].first_ok
    record_try(LAB, dict.fromkeys(NAMES, "not yet"), "x = 2")
    first = lab_progress(LAB).requirements[0]
    assert (first.ok, first.first_ok, first.first_ok_try) == (False, since, 1)
    assert lab_progress(LAB).begun


def test_solved_once_is_done_whatever_comes_after(monkeypatch):
    record_try(LAB, PART, "x = 1")
    record_try(LAB, OK, "x = 2")
    solved = lab_progress(LAB).solved
    assert TIME.fullmatch(solved)
    monkeypatch.setattr(progress, "_now", lambda: "2099-01-01T00:00:00+00:00")
    record_try(LAB, OK, "x = 3")
    record_try(LAB, TODO, "raise NotImplementedError")
    found = lab_progress(LAB)
    assert (found.done, found.state, found.solved, found.tries) == (True, "done", solved, 3)


def test_a_requirement_that_the_course_adds_later_is_open(monkeypatch):
    record_try(LAB, OK, "x = 1")
    monkeypatch.setattr(progress, "requirements", lambda _: (*NAMES, "a new one"))
    found = lab_progress(LAB)
    assert (found.done, found.first_open) == (False, "a new one")
    assert found.state == f"{len(NAMES)} of {len(NAMES) + 1}"


def test_hints_and_the_opened_solution_are_kept():
    for name, step in ((NAMES[1], 1), (NAMES[1], 2), (NAMES[1], 1), (NAMES[0], 1)):
        assert record_hint(LAB, name, step)
    assert record_solution_opened(LAB)
    found = lab_progress(LAB)
    assert [one.hints for one in found.requirements[:3]] == [1, 2, 0]
    assert (found.hints, found.begun) == (3, True)
    assert TIME.fullmatch(found.solution_opened)
    record_solution_opened(LAB)
    assert lab_progress(LAB).solution_opened == found.solution_opened


SPOILED = [
    5,
    "done",
    [],
    {"requirements": 5, "hints": 5, "tries": "two", "solved": 1, "solution_opened": []},
    {"requirements": ["a"], "hints": {NAMES[0]: "two"}, "tries": -1, "last_answer": 5},
    {"requirements": {NAMES[0]: "ok"}, "hints": {NAMES[0]: 99}, "tries": True},
    {"requirements": {NAMES[0]: {"ok": "yes", "first_ok": 5, "first_ok_try": None}}},
]


@pytest.mark.parametrize("kept", SPOILED)
def test_notes_of_another_shape_are_read_as_far_as_they_make_sense(kept):
    store.keep("labs", LAB, kept)
    found = lab_progress(LAB)
    assert (found.tries, found.met, found.solved) == (0, 0, "")
    assert found.hints <= 3
    assert repr(show_progress()) and show_progress()._repr_html_()
    record_hint(LAB, NAMES[0], 1)
    record_try(LAB, OK, "x = 1")
    record_solution_opened(LAB)
    assert (lab_progress(LAB).state, lab_progress(LAB).tries) == ("done", 1)


def test_what_a_newer_course_noted_besides_stays():
    store.keep("labs", LAB, {"mood": "good", "requirements": {"an old one": {"ok": True}}})
    record_try(LAB, OK, "x = 1")
    kept = store.read("labs")[LAB]
    assert kept["mood"] == "good"
    assert kept["requirements"]["an old one"] == {"ok": True}
    assert lab_progress(LAB).done


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"labs": 5}', '{"labs": {"01": 5}}', "\0ÿ"])
def test_a_broken_file_counts_as_none_and_is_written_again(own_notes, text):
    own_notes.parent.mkdir()
    own_notes.write_text(text, encoding="latin-1")
    assert lab_progress(LAB).state == "not begun"
    assert record_try(LAB, OK, "x = 1")
    assert lab_progress(LAB).done
    assert json.loads(own_notes.read_text(encoding="utf-8"))["labs"]


def test_where_nothing_can_be_written_nothing_is_kept_and_it_is_said(tmp_path, monkeypatch):
    assert can_be_kept(LAB)
    assert not lab_progress(LAB).checked
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "file" / "notes.json"))
    assert not can_be_kept(LAB)
    assert not record_try(LAB, OK, "x = 1")
    assert not record_hint(LAB, NAMES[0], 1)
    assert not record_solution_opened(LAB)
    assert lab_progress(LAB).state == "not begun"


# --- the map --------------------------------------------------------------------------------------

NEW = LabProgress("01", tuple(RequirementProgress(name) for name in "abc"))
BEGUN = replace(
    NEW, tries=2, requirements=(RequirementProgress("a", True, "t", 1), *NEW.requirements[1:])
)
DONE = LabProgress("01", (RequirementProgress("a", True, "t", 1),), tries=1, solved="t")


def course(*labs: LabProgress | None) -> tuple:
    return tuple(
        (Lesson(f"0{place}", "x", f"Title {place}", lab=Lab("A <lab>") if lab else None), lab)
        for place, lab in enumerate(labs)
    )


@pytest.mark.parametrize(
    ("labs", "says"),
    [
        ((None, NEW, NEW), "read notebooks/01_x.ipynb, then do its lab, labs/01_x.ipynb."),
        ((None, DONE, NEW), "read notebooks/02_x.ipynb, then do its lab, labs/02_x.ipynb."),
        (
            (NEW, BEGUN, DONE),
            'go on with labs/01_x.ipynb: the first thing that is not ok yet is "b".',
        ),
        ((None, DONE, DONE), "every lab is done."),
        ((), "every lab is done."),
    ],
)
def test_what_to_do_next(labs, says):
    assert progress._next(course(*labs), ()).startswith(says)


PUZZLES = PuzzleSet("1", "y", "Queues & co", after="01")
OPEN = LabProgress("1.2", (RequirementProgress("a"),))


@pytest.mark.parametrize(
    ("labs", "each", "says"),
    [
        ((None, NEW, NEW), (OPEN,), "read notebooks/01_x.ipynb, then do its lab"),
        ((None, DONE, NEW), (DONE, OPEN), "go on with labs/puzzles_1_y.ipynb, puzzle 1.2."),
        ((None, DONE, NEW), (OPEN, OPEN), "do labs/puzzles_1_y.ipynb, puzzle 1.2."),
        ((None, BEGUN, NEW), (DONE, OPEN), "go on with labs/01_x.ipynb"),
        ((None, DONE, NEW), (DONE, DONE), "read notebooks/02_x.ipynb, then do its lab"),
        ((None, DONE, DONE), (DONE, DONE), "every lab is done."),
    ],
)
def test_puzzles_come_after_the_lab_of_the_lesson_that_they_need(labs, each, says):
    assert progress._next(course(*labs), (PuzzleProgress(PUZZLES, each),)).startswith(says)


def test_the_map_has_a_row_for_each_set_of_puzzles_below_its_lesson():
    sets = (PuzzleProgress(PUZZLES, (DONE, replace(OPEN, tries=2))),)
    shown = CourseMap(CourseProgress(course(None, DONE, NEW), "rest.", sets))
    assert repr(shown).splitlines()[2:5] == [
        "01  Title 1  A <lab>                 done       1      0",
        "             Puzzles 1: Queues & co  1 of 2     3      0",
        "02  Title 2  A <lab>                 not begun",
    ]
    link = '<a href="../labs/puzzles_1_y.ipynb">Puzzles 1: Queues &amp; co</a>'
    assert link in shown._repr_html_()


def test_a_lesson_that_is_not_written_yet_is_neither_linked_nor_to_be_read():
    rows = ((Lesson("03", "x", "Memory", lab=Lab("A lab"), written=False), NEW),)
    assert progress._next(rows, ()) == "do the lab, labs/03_x.ipynb."
    shown = CourseMap(CourseProgress(rows, "rest."))
    assert "03  Memory (still being written)  A lab" in repr(shown)
    assert ">Memory (still being written)</td>" in shown._repr_html_()
    assert '<a href="../labs/03_x.ipynb">A lab</a>' in shown._repr_html_()


def test_the_map_of_who_did_nothing_is_the_same_for_everyone():
    found = course_progress()
    assert {lab.state for _, lab in found.lessons if lab} == {"not begun"}
    assert (
        found.next == "read notebooks/01_processes.ipynb, then do its lab, labs/01_processes.ipynb."
    )
    assert repr(show_progress()) == repr(CourseMap(found))


def test_the_map_as_text_has_a_line_for_each_lesson():
    text = repr(CourseMap(CourseProgress(course(None, BEGUN, NEW, DONE), "rest.")))
    assert text.splitlines() == [
        "    lesson   lab      you have   tries  hints",
        "00  Title 0",
        "01  Title 1  A <lab>  1 of 3     2      0",
        "02  Title 2  A <lab>  not begun",
        "03  Title 3  A <lab>  done       1      0",
        "",
        "Next: rest.",
    ]


def test_the_map_as_a_table_links_to_lessons_and_labs_and_quotes_what_is_in_titles():
    page = CourseMap(CourseProgress(course(None, BEGUN), "a < b."))._repr_html_()
    assert page.count("<tr>") == 3
    assert '<a href="../notebooks/00_x.ipynb">Title 0</a>' in page
    assert '<a href="../labs/01_x.ipynb">A &lt;lab&gt;</a></td>' in page
    assert ">1 of 3</td>" in page
    assert "<b>Next:</b> a &lt; b." in page


def test_a_lab_whose_check_is_not_written_yet_is_on_the_map(monkeypatch):
    monkeypatch.setattr(progress, "lab_numbers", lambda: ())
    assert {lab.state for _, lab in course_progress().lessons if lab} == {"not begun"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<<<<<<< HEAD",
        "lesson = 1",
        '[[lesson]]\nnumber = 1\nslug = "a"\ntitle = "b"',
        '[[lesson]]\nnumber = "01"\nslug = "a"\ntitle = 5',
        '[[lesson]]\nnumber = "01"\nslug = "a"\ntitle = "b"\n[lesson.lab]\ntitle = 5',
        f"a = {'[' * 5000}",
    ],
    ids=["empty", "merge", "no list", "number", "title", "lab", "deep"],
)
def test_an_outline_that_cannot_be_read_is_named_on_the_map(monkeypatch, tmp_path, text):
    path = tmp_path / "outline.toml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(outline, "_OUTLINE", path)
    found = show_progress()
    for shown in (repr(found), found._repr_html_()):
        assert "source/outline.toml" in shown
        assert "every lab is done" not in shown


@pytest.mark.parametrize("content", [None, b"<<<<<<< HEAD", b"\xff\xfe", b"\0"])
def test_a_check_that_cannot_be_read_stops_no_map(monkeypatch, tmp_path, content):
    monkeypatch.setattr(outline, "_CHECKS", tmp_path)
    if content is None:
        (tmp_path / "lab_01.py").symlink_to("nowhere")
    else:
        (tmp_path / "lab_01.py").write_bytes(content)
    assert "Who did what" in repr(show_progress())
