"""Notebooks before they run: the cells of a source, with a header and a footer around them.

    outline + claims + source -> compose(page, course) -> notebook without outputs

The build adds a first cell (title, minutes, claims, links) and a last one (links), so these come
from the outline alone. In a lesson, the first bold mention of a term becomes a link to the
glossary, and `[B3](claim:B3)` a link to the cell that shows the claim.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

import nbformat
from nbformat import NotebookNode

from tools.build.claim_links import cell_id, with_claim_links
from tools.build.glossary import linked, read_glossary
from tools.build.percent import Cell, assignment_cells, lab_cells, read_source, solution_cells
from tools.check.reading_time import halves
from tools.nbgrader.metadata import graded
from tools.outline import BEING_WRITTEN, LAB, LESSON, SOLUTION, Course, Page, PuzzleSet

PUZZLE_HELP = (
    '**Stuck?** `hint("{number}.1")`, in a cell of its own, gives the next of three steps to the'
    ' first puzzle, `hint("{number}.2")` to the second, and so on. `solution("{number}.1")` opens'
    " after success or three honest tries."
)
BELOW = (
    "## Deeper\n\n**The lesson ends here.** Go on: {links}\n\nWhat follows takes {minutes} minutes"
    " more, and can wait: each part stands for itself, and no lesson needs it. Come back for:"
    "\n\n{parts}"
)
HELP = (
    '**Stuck?** `hint("{number}")`, in a cell of its own, gives the next of three steps.'
    ' `solution("{number}")` opens after success or three honest tries. `reset("{number}")` puts'
    " your module aside, to begin again."
)


def compose(page: Page, course: Course) -> NotebookNode:
    """Return the page's notebook with nothing run; raise SourceError if its source is faulty."""
    cells = read_source(course.root / page.source, page.source)
    if page.folder == LESSON:
        cells = with_claim_links(_with_deeper_part(cells, page, course), page, course)
        return _notebook(page, course, linked(cells, page.lesson, read_glossary(course.root)))
    solved_or_not = {LAB: lab_cells, SOLUTION: solution_cells}[page.folder]
    if page.has_puzzles:
        return _notebook(page, course, solved_or_not(cells))
    return _notebook(page, course, solved_or_not(graded(cells, page.lesson.number, course.root)))


def _with_deeper_part(cells: Sequence[Cell], page: Page, course: Course) -> list[Cell]:
    """Return the cells, with links and a list of the deeper parts where the first reading ends."""
    first, below = halves(cells)
    if not below:
        return first
    headings = (re.match(r"### (.+)", cell.text) for cell in below if cell.kind == "markdown")
    text = BELOW.format(
        links=" · ".join(_links_on(page, course)),
        minutes=page.lesson.deeper,
        parts="\n".join(f"- {heading[1]}" for heading in headings if heading),
    )
    return [*first, replace(below[0], text=text), *below[1:]]


def compose_assignment(page: Page, course: Course) -> NotebookNode:
    """Return the lab with its solution between the markers, as nbgrader wants its source."""
    cells = graded(
        read_source(course.root / page.source, page.source), page.lesson.number, course.root
    )
    return _notebook(page, course, assignment_cells(cells))


def _notebook(page: Page, course: Course, cells: Iterable[Cell]) -> NotebookNode:
    """Return a notebook of these cells, between the page's header and footer."""
    header, footer = (
        Cell("markdown", header_text(page, course)),
        Cell("markdown", footer_text(page, course)),
    )
    nodes = [_node(number, cell) for number, cell in enumerate((header, *cells, footer))]
    metadata = {
        "course": {"built_from": page.source, "code": code_hash(nodes, course)},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
    }
    return nbformat.from_dict(
        {"cells": nodes, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    )


def code_hash(cells: list[dict], course: Course) -> str:
    """Return a hash of what a run depends on: the text and tags of the code cells.

    If a cell shows the learner's map, the names of all lessons and labs belong to the hash too.
    """
    code = [
        [cell["source"], cell["metadata"].get("tags", [])]
        for cell in cells
        if cell["cell_type"] == "code"
    ]
    if any("show_progress()" in source for source, _tags in code):
        lessons = course.outline.lessons
        code.append(
            [[one.name, one.title, one.written, one.lab and one.lab.title] for one in lessons]
        )
        code.append([[one.name, one.title] for one in course.outline.puzzles])
    return hashlib.sha256(json.dumps(code).encode()).hexdigest()


HIDDEN = "claim"  # the tag of a cell that proves a claim: JupyterLab shows its output only


def _node(number: int, cell: Cell) -> dict:
    tags = {"tags": list(cell.tags)} if cell.tags else {}
    marks: dict[str, object] = {"nbgrader": cell.nbgrader} if cell.nbgrader else {}
    if HIDDEN in cell.tags:
        marks["jupyter"] = {"source_hidden": True}
    node = {
        "cell_type": cell.kind,
        "id": cell_id(number),
        "metadata": marks | tags,
        "source": cell.text,
    }
    return node | {"execution_count": None, "outputs": []} if cell.kind == "code" else node


def header_text(page: Page, course: Course) -> str:
    """Return the first cell: title, minutes, lesson or lab, and the claims that it shows."""
    lesson = page.lesson
    if isinstance(lesson, PuzzleSet):
        return _puzzles_header(page, lesson, course)
    title = lesson.title if page.folder == LESSON else lesson.lab.title
    kind = {LESSON: "", LAB: "Lab: ", SOLUTION: "Solution: "}[page.folder]
    minutes = {LESSON: lesson.minutes, LAB: lesson.lab and lesson.lab.minutes}.get(page.folder)
    facts = [f"{minutes} minutes"] if minutes else []
    if page.folder == LESSON and lesson.deeper:
        facts = [f"{minutes} minutes, plus {lesson.deeper} for the optional sections"]
    parts = [
        f"# {lesson.number} · {kind}{title}",
        " · ".join(facts + _links(page, course)),
        _claims_text(page, course),
    ]
    return "\n\n".join(part for part in parts if part)


def _puzzles_header(page: Page, puzzles: PuzzleSet, course: Course) -> str:
    """Return the first cell of a set of puzzles, or of its solution."""
    kind = "Puzzles" if page.folder == LAB else "Solution: puzzles"
    facts = [f"{puzzles.minutes} minutes"] if page.folder == LAB else []
    title = f"# {kind} {puzzles.number} · {puzzles.title}"
    return f"{title}\n\n{' · '.join(facts + _puzzles_links(page, puzzles, course))}"


def _puzzles_links(page: Page, puzzles: PuzzleSet, course: Course) -> list[str]:
    """Return links from a set of puzzles to the lesson before it and to its neighbors."""
    if page.folder == SOLUTION:
        return [f"[the puzzles]({_relative(page, Page(LAB, puzzles))})"]
    (lesson,) = (one for one in course.outline.lessons if one.number == puzzles.after)
    links = [_link(page, Page(LESSON, lesson), "after lesson")]
    following = [one for one in course.outline.puzzles if int(one.number) > int(puzzles.number)]
    for other in following[:1]:
        target = _relative(page, Page(LAB, other))
        links.append(f"next: [Puzzles {other.number} {other.title}]({target})")
    return links


def footer_text(page: Page, course: Course) -> str:
    """Return the last cell: links to what comes next."""
    if isinstance(page.lesson, PuzzleSet):
        return _puzzles_footer(page, page.lesson, course)
    lab = page.lesson.lab
    parts = ["---"]
    if page.folder == LAB:
        parts.append(HELP.format(number=page.lesson.number))
    if page.folder == LESSON and lab:
        target = _relative(page, Page(LAB, page.lesson))
        parts.append(f"**Your turn:** [Lab: {lab.title}]({target}), {lab.minutes} minutes")
    if page.folder == SOLUTION:
        parts.append("This is one solution of several; another that does the same is as good.")
    parts.append(" · ".join(_links(page, course)))
    return "\n\n".join(part for part in parts if part)


def _puzzles_footer(page: Page, puzzles: PuzzleSet, course: Course) -> str:
    help_ = PUZZLE_HELP.format(number=puzzles.number)
    one_of_several = "Each is one way of several; another that passes the check is as good."
    words = help_ if page.folder == LAB else one_of_several
    return "\n\n".join(["---", words, " · ".join(_puzzles_links(page, puzzles, course))])


def _links(page: Page, course: Course) -> list[str]:
    """Return links to the neighbors: other lessons, or this lab's lesson."""
    lesson = page.lesson
    if page.folder != LESSON:
        lab = [_link(page, Page(LAB, lesson), "lab")] if page.folder == SOLUTION else []
        return [_to_its_lesson(page), *lab]
    before = course.outline.before(lesson)
    previous = [_link(page, Page(LESSON, before), "previous")] if before else []
    return previous + _links_on(page, course)


def _links_on(page: Page, course: Course) -> list[str]:
    """Return the links of a lesson to the next lesson and to its lab."""
    after = course.outline.after(page.lesson)
    links = [_link(page, Page(LESSON, after), "next")] if after else []
    return links + ([_link(page, Page(LAB, page.lesson), "lab")] if page.lesson.lab else [])


def _to_its_lesson(page: Page) -> str:
    """Return the link from a lab to its lesson, or plain words if that is not written yet."""
    lesson = page.lesson
    if lesson.written:
        return _link(page, Page(LESSON, lesson), "lesson")
    return f"lesson: {lesson.number} {lesson.title}, {BEING_WRITTEN}"


def _link(page: Page, target: Page, word: str) -> str:
    lesson = target.lesson
    title = lesson.title if target.folder == LESSON else lesson.lab.title
    return f"{word}: [{lesson.number} {title}]({_relative(page, target)})"


def _relative(page: Page, target: Page) -> str:
    name = f"{target.lesson.name}.ipynb"
    return name if page.folder == target.folder else f"../{target.folder}/{name}"


def _claims_text(page: Page, course: Course) -> str:
    """Return the lesson's claims in their words, folded under one line."""
    ids = page.lesson.claims if page.folder == LESSON else ()
    if not ids:
        return ""
    count = "one claim" if len(ids) == 1 else f"{len(ids)} claims"
    items = [f"- **{id_}** {course.claims.get(id_, '')}".rstrip() for id_ in ids]
    summary = f"<summary>Puts {count} to the test: {short_ids(ids)}</summary>"
    return "\n".join(["<details>", summary, "", *items, "", "</details>"])


def short_ids(ids: tuple[str, ...]) -> str:
    """Return claim ids with runs abbreviated: P1, P2, P3, S1 -> `P1–P3, S1`."""
    keyed = [re.fullmatch(r"(\D*)(\d*)", id_).groups() for id_ in ids]
    numbered = enumerate((letters, int(digits or 0)) for letters, digits in keyed)
    groups = groupby(
        zip(ids, numbered, strict=True), key=lambda g: (g[1][1][0], g[1][1][1] - g[1][0])
    )
    runs = [[id_ for id_, _ in group] for _, group in groups]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs)
