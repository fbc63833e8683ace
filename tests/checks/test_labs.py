"""Which labs there are is read from the outline and the checks, and nothing is run for it."""

from __future__ import annotations

import importlib

import pytest

from helpers import files
from helpers.progress import outline
from tools.outline import LAB, LESSON, SOLUTION, Page, read_outline


def test_lessons_are_those_of_the_outline():
    lessons = outline.lessons()
    assert lessons == read_outline().lessons
    for lesson in lessons:
        files = [Page(folder, lesson).file for folder in (LESSON, LAB, SOLUTION)]
        assert [lesson.file, lesson.lab_file, lesson.solution_file] == files


def test_every_lab_of_the_outline_can_be_checked():
    assert outline.lab_numbers() == tuple(lesson.number for lesson in read_outline().labs)


@pytest.mark.parametrize("lab", outline.lab_numbers())
def test_what_a_lab_asks_for_is_read_as_its_check_has_it(lab):
    judge = importlib.import_module(f"helpers.checks.lab_{lab}")
    assert outline.requirements(lab) == tuple(judge.REQUIREMENTS)


WITH_AN_ODD_LAB = '[[lesson]]\nnumber = "01"\nslug = "x"\ntitle = "X"\nlab = 1'


@pytest.mark.parametrize(
    "text", ["", "lesson = 5", "[[lesson]]", "[[lesson", "[[lesson]]\nlab = 1", WITH_AN_ODD_LAB]
)
def test_an_outline_that_cannot_be_read_has_no_lessons(tmp_path, monkeypatch, text):
    monkeypatch.setattr(outline, "_OUTLINE", tmp_path / "outline.toml")
    assert outline.lessons() == ()
    (tmp_path / "outline.toml").write_text(text, encoding="utf-8")
    assert outline.lessons() == ()
    assert outline.lesson_of("01").number == "01"


def test_a_file_is_put_aside_under_the_first_free_name(tmp_path):
    work = tmp_path / "work_01.py"
    assert files.put_aside(work) is None
    for number in (1, 2, 3):
        work.write_text(f"x = {number}", encoding="utf-8")
        kept = files.put_aside(work)
        assert kept.name == f"work_01.mine-{number}.py"
        assert kept.read_text(encoding="utf-8") == f"x = {number}"
        assert not work.exists()
