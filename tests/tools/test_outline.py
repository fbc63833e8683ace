"""The outline is read, and each fault in it is named."""

from __future__ import annotations

import pytest

from tests.mini_course import OUTLINE, write
from tools.build.compose import short_ids
from tools.outline import ROOT, Course, OutlineError, read_claims, read_outline

pytestmark = pytest.mark.once


def faults(tmp_path, text):
    write(tmp_path, "source/outline.toml", text)
    with pytest.raises(OutlineError) as raised:
        read_outline(tmp_path)
    assert raised.value.file == "source/outline.toml"
    return "\n".join(raised.value.faults)


def test_the_courses_own_outline_can_be_read():
    assert [lesson.number for lesson in read_outline(ROOT).lessons][:2] == ["00", "01"]


def test_a_lesson_knows_its_name_its_lab_and_its_neighbors(tmp_path):
    write(tmp_path, "source/outline.toml", OUTLINE)
    outline = read_outline(tmp_path)
    hello, double = outline.lessons
    assert (hello.name, hello.lab, hello.claims) == ("00_hello", None, ("P1",))
    assert (double.lab.title, double.lab.minutes) == ("Double it yourself", 15)
    assert (outline.before(hello), outline.after(hello)) == (None, double)
    assert (outline.before(double), outline.after(double)) == (hello, None)
    assert outline.labs == (double,)


def test_pages_are_each_lesson_then_its_lab_and_solution(tmp_path):
    write(tmp_path, "source/outline.toml", OUTLINE)
    assert [page.file for page in Course(tmp_path).pages] == [
        "notebooks/00_hello.ipynb",
        "notebooks/01_double.ipynb",
        "labs/01_double.ipynb",
        "solutions/01_double.ipynb",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('number = "00"', "number = 0", "number must be two digits"),
        ('number = "00"', 'number = "7"', "number must be two digits, such as \"03\"; got '7'"),
        ('slug = "hello"', 'slug = "Hello There"', "slug must be lower snake case"),
        ('slug = "hello"', "", "slug must be lower snake case"),
        ('title = "Hello"', 'title = ""', "title must be a line of text; got ''"),
        ('goal = "greet"', "", "goal must be one sentence"),
        ("minutes = 5", "minutes = 0", "minutes must be a whole number from 1 to 240; got 0"),
        ("minutes = 5", "minutes = 4.5", "minutes must be a whole number"),
        ("minutes = 5", "minutes = true", "minutes must be a whole number"),
        ("minutes = 5", "minutes = 5\ndeeper = 0", "deeper must be a whole number from 1 to 240"),
        ('claims = ["P1"]', 'claims = "P1"', "claims must be a list of claim ids"),
        ('goal = "greet"', 'goal = "greet"\ngaol = "x"', "unknown key 'gaol'; allowed are claims"),
        ("minutes = 15", 'minutes = "15"', "lesson 01, lab: minutes must be a whole number"),
        ("minutes = 15", "minutes = 15\nhints = 3", "lesson 01, lab: unknown key 'hints'"),
        ("[lesson.lab]", "[[lesson.lab]]", "lab: must be a table [lesson.lab]"),
        ('number = "01"', 'number = "00"', "lesson 00: comes after lesson 00; numbers must rise"),
        ('slug = "double"', 'slug = "double"\nclaims = ["P1"]', "P1 already belongs to lesson 00"),
        ('slug = "double"', 'slug = "double"\nwritten = "no"', "written must be true or false"),
        ('slug = "double"', 'slug = "double"\nmeasures = 1', "measures must be true or false"),
        ('claims = ["P1"]', "written = false", "00: written = false is for a lesson whose lab"),
        ("[[lesson]]", "[[lessons]]", "unknown entry 'lessons' at the top"),
        ("[[lesson]]", "[[lesson", "not valid TOML"),
    ],
)
def test_a_fault_is_named(tmp_path, old, new, said):
    assert said in faults(tmp_path, OUTLINE.replace(old, new, 2 if old == "[[lesson]]" else 1))


PUZZLES = """
[[puzzles]]
number = "1"
slug = "numbers"
title = "Numbers"
minutes = 20
after = "01"
"""


def test_a_set_of_puzzles_has_a_notebook_and_a_solution(tmp_path):
    write(tmp_path, "source/outline.toml", OUTLINE + PUZZLES)
    *_, lab, solution = Course(tmp_path).pages
    assert (lab.file, lab.source) == (
        "labs/puzzles_1_numbers.ipynb",
        "source/labs/puzzles_1_numbers.py",
    )
    assert solution.file == "solutions/puzzles_1_numbers.ipynb"
    assert lab.has_puzzles and solution.has_puzzles
    assert [name for name in ("1", "numbers", "puzzles_1", "labs/puzzles_1") if lab.is_meant(name)]
    assert not lab.is_meant("1")  # that is lesson 01


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('number = "1"', "number = 1", 'puzzles 1: number must be a digit, such as "1"; got 1'),
        ("[[puzzles]]", PUZZLES + "[[puzzles]]", "numbers must rise down the file; got 1, 1"),
        ('slug = "numbers"', 'slug = "No Go"', "puzzles 1: slug must be lower snake case"),
        ("minutes = 20", "minutes = 0", "puzzles 1: minutes must be a whole number"),
        ('after = "01"', 'after = "07"', "after must be a lesson's number; got '07'"),
        ('after = "01"', 'before = "01"', "unknown key 'before'; allowed are after, minutes"),
        ("[[puzzles]]", "[puzzles]", "must be a table that starts [[puzzles]]"),
    ],
)
def test_a_fault_of_a_set_of_puzzles_is_named(tmp_path, old, new, said):
    assert said in faults(tmp_path, OUTLINE + PUZZLES.replace(old, new))


def test_all_faults_are_named_at_once(tmp_path):
    text = OUTLINE.replace('slug = "hello"', 'slug = "A"').replace("minutes = 10", "minutes = -1")
    said = faults(tmp_path, text)
    assert "lesson 00: slug" in said
    assert "lesson 01: minutes" in said


@pytest.mark.parametrize("text", ["", "lesson = []", 'lesson = ["00"]', "lesson = 3"])
def test_an_outline_without_lessons_is_refused(tmp_path, text):
    assert "[[lesson]]" in faults(tmp_path, text)


def test_a_missing_outline_is_named(tmp_path):
    with pytest.raises(OutlineError, match=r"source/outline\.toml: this file is missing"):
        read_outline(tmp_path)


@pytest.mark.parametrize("text", ["", "claims = 3", "[claims]\nP1 = 3"])
def test_claims_without_words_are_refused(tmp_path, text):
    write(tmp_path, "helpers/data/claims.toml", text)
    with pytest.raises(OutlineError, match=r"\[claims\] with lines such as P1"):
        read_claims(tmp_path)


@pytest.mark.parametrize(
    ("ids", "short"),
    [
        (("P1",), "P1"),
        (("P1", "P2"), "P1, P2"),
        (("P1", "P2", "P3", "S1", "S3"), "P1–P3, S1, S3"),
        (("G1", "G2", "G3", "G4", "T1", "T2", "T3"), "G1–G4, T1–T3"),
    ],
)
def test_claim_ids_are_drawn_together(ids, short):
    assert short_ids(ids) == short
