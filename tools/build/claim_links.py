"""Links from a lesson's prose to the cells that show claims, in any lesson.

    [B3](claim:B3)  ->  [B3](08_costs.ipynb#cell-id=c62)

The sources name the claim only, because a cell's id changes with the cells above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tools.build.lesson_sources import readable_lessons
from tools.build.percent import Cell, SourceError, read_source
from tools.check.problem import Problem
from tools.outline import LESSON, OUTLINE, Course, Page

_TARGET = re.compile(r"\]\(claim:([^)\s]*)\)")


def with_claim_links(cells: Iterable[Cell], page: Page, course: Course) -> list[Cell]:
    """Return the cells, in which each claim that prose names as a target has become an address.

    Raise SourceError for a claim that no lesson shows.
    """
    done = []
    for cell in cells:
        if cell.kind == "markdown":
            text = _TARGET.sub(lambda found: f"]({_address(found[1], page, course)})", cell.text)
            cell = replace(cell, text=text)
        done.append(cell)
    return done


def _address(name: str, page: Page, course: Course) -> str:
    """Return the notebook of the claim's lesson and, after the #, the cell that shows the claim."""
    calls = re.compile(rf"""\bclaim\(\s*["']{re.escape(name)}["']""")
    for lesson in course.outline.lessons:
        target = Page(LESSON, lesson)
        if name not in lesson.claims or not (course.root / target.source).exists():
            continue
        for number, cell in enumerate(read_source(course.root / target.source, target.source), 1):
            if cell.kind == "code" and calls.search(cell.text):
                return f"{lesson.name}.ipynb#cell-id={cell_id(number)}"
    raise SourceError(
        page.source,
        1,
        f"links to claim:{name}, which no lesson shows",
        f"Use the id of a claim that a lesson has in {OUTLINE}",
    )


def cell_id(number: int) -> str:
    """Return the id of a notebook's cell by its place; at place 0 is the header."""
    return f"c{number:02}"


def claim_links_lead_to_a_cell(course: Course) -> Iterator[Problem]:
    """Yield a problem for a lesson that links to a claim that no lesson shows."""
    for page, cells in readable_lessons(course):
        try:
            with_claim_links(cells, page, course)
        except SourceError as error:
            yield Problem(error.file, error.fault, error.fix)


RULES = (claim_links_lead_to_a_cell,)
