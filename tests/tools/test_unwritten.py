"""A lab whose lesson comes later: all that is there is built and linked, and nothing else."""

from __future__ import annotations

import nbformat
import pytest

from tests.mini_course import HELLO, LAB, OUTLINE, write
from tests.tools.test_check import assert_refused, edit
from tools.build.compose import compose
from tools.build.notebooks import build_all
from tools.check import cli
from tools.check import files as check_files
from tools.outline import Course

pytestmark = pytest.mark.once

TRIPLE = """
[[lesson]]
number = "02"
slug = "triple"
title = "Triple"
minutes = 30
goal = "triple a number"
written = false

[lesson.lab]
title = "Triple it yourself"
minutes = 7
"""
QUADRUPLE = """
[[lesson]]
number = "03"
slug = "quadruple"
title = "Quadruple"
minutes = 30
goal = "take a number four times"
"""
NO_CLAIM = HELLO.replace('claim("P1", ', "print(")
PLAIN = "lesson: 02 Triple, still being written"


@pytest.fixture
def root(course_root):
    """Return the small course with a lab between two lessons whose own lesson is not written."""
    write(course_root, "source/outline.toml", OUTLINE + TRIPLE + QUADRUPLE)
    write(course_root, "source/labs/02_triple.py", LAB)
    write(course_root, "source/lessons/03_quadruple.py", NO_CLAIM)
    return course_root


def ends(course, file):
    """Return the first and the last cell of a page as it is composed now."""
    (page,) = (page for page in course.pages if page.file == file)
    cells = compose(page, course).cells
    return cells[0].source, cells[-1].source


@pytest.mark.processes
def test_the_lab_is_built_and_when_its_lesson_comes_only_the_line_goes(root):
    assert build_all(Course(root), []) == 0
    files = [page.file for page in Course(root).pages if page.lesson.number == "02"]
    assert files == ["labs/02_triple.ipynb", "solutions/02_triple.ipynb"]
    assert [str(problem) for rule in cli.RULES for problem in rule(Course(root))] == []
    lab = nbformat.read(root / files[0], as_version=4)
    assert lab.cells[0].source == f"# 02 · Lab: Triple it yourself\n\n7 minutes · {PLAIN}"
    assert lab.cells[-1].source.endswith(f"\n\n{PLAIN}")

    edit(root, "source/outline.toml", "written = false\n", "")
    write(root, "source/lessons/02_triple.py", NO_CLAIM)
    assert build_all(Course(root), []) == 0
    assert [str(problem) for rule in cli.RULES for problem in rule(Course(root))] == []
    assert "[02 Triple](../notebooks/02_triple.ipynb)" in ends(Course(root), files[0])[0]


def test_nothing_links_to_the_lesson_that_is_not_there(root):
    course = Course(root)
    for page in course.pages:
        assert "notebooks/02_triple" not in "".join(ends(course, page.file))
    to_lab = "lab: [02 Triple it yourself](../labs/02_triple.ipynb)"
    assert ends(course, "solutions/02_triple.ipynb")[1].endswith(f"{PLAIN} · {to_lab}")
    assert (
        "next: [03 Quadruple](03_quadruple.ipynb)" in ends(course, "notebooks/01_double.ipynb")[0]
    )
    assert "previous: [01 Double]" in ends(course, "notebooks/03_quadruple.ipynb")[0]


@pytest.mark.parametrize("file", ["source/lessons/02_triple.py", "notebooks/02_triple.ipynb"])
def test_a_lesson_that_is_there_after_all_is_refused(root, file):
    write(root, file, HELLO)
    start = f"{file}: is there, though source/outline.toml says written = false of lesson 02"
    assert_refused(check_files.nothing_stray, root, start, "Take written = false out")
