"""Links from a lesson's prose to the cells that show claims."""

from __future__ import annotations

import json

import pytest

from tests.tools.test_check import assert_refused, edit
from tools.build.claim_links import claim_links_lead_to_a_cell
from tools.build.compose import compose
from tools.build.percent import SourceError
from tools.outline import LESSON, ROOT, Course

pytestmark = pytest.mark.once

HELLO, DOUBLE = "source/lessons/00_hello.py", "source/lessons/01_double.py"


def prose_of(course: Course, number: str) -> str:
    """Return the prose of that lesson's notebook, as it is composed."""
    (page,) = (p for p in course.pages if p.folder == LESSON and p.lesson.number == number)
    cells = compose(page, course).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def test_a_claim_becomes_the_address_of_the_cell_that_shows_it(course_root):
    edit(course_root, DOUBLE, "## Twice is", "## As [greetings](claim:P1) show, twice is")
    assert "As [greetings](00_hello.ipynb#cell-id=c03) show" in prose_of(Course(course_root), "01")
    edit(course_root, HELLO, "# %%\nimport time", "# %%\n2 * 2\n\n# %%\nimport time")
    assert "[greetings](00_hello.ipynb#cell-id=c04)" in prose_of(Course(course_root), "01")


def test_a_link_to_a_claim_that_no_lesson_shows_is_refused(course_root):
    edit(course_root, DOUBLE, "## Twice is", "## As [greetings](claim:P9) show, twice is")
    course = Course(course_root)
    fault = f"{DOUBLE}: links to claim:P9, which no lesson shows"
    assert_refused(claim_links_lead_to_a_cell, course_root, fault, "source/outline.toml")
    with pytest.raises(SourceError, match="claim:P9"):
        prose_of(course, "01")


def test_every_link_of_the_course_leads_to_a_cell_that_prints_the_claim():
    course = Course(ROOT)
    assert list(claim_links_lead_to_a_cell(course)) == []
    text = (ROOT / "notebooks/10_design.ipynb").read_text(encoding="utf-8")
    prose = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    assert "(claim:" not in "\n".join(prose)
