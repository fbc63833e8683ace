"""The page of claims: each claim, the cell that shows it, and whether it held in this build.

claims + outline + stored outputs of the lessons -> claims_text(course) -> docs/claims.md
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from tools.check.problem import Problem
from tools.outline import CLAIMS, LESSON, OUTLINE, Course, Lesson, Page

CLAIMS_PAGE = "docs/claims.md"

GUIDELINE = "R"
GROUPS = {
    "P": "A process",
    "S": "Start and join",
    "I": "Isolation",
    "G": "Computing and the GIL",
    "Q": "Communication",
    "T": "Processes or threads",
    "C": "Costs",
    "M": "Mistakes",
    "B": "Good practice",
    "A": "Architecture",
    GUIDELINE: "The twelve guidelines of the standard library",
}
HEAD = """# Every claim, and the cell that shows it

You don't have to believe this course. This page lists each claim that it makes, and the cell in
which you can try it yourself. The last column says what happened when the notebooks of this copy
were built: ✓ the claim held, or the reason why that machine could not show it. Run the cell, and
the line below it says whether the claim holds on your machine.

This page is made by `python3 course.py build` from the notebooks' stored outputs."""

# As helpers.claims prints them.
_LINE = re.compile(
    r"^(?P<sign>[✓–✗]) (?P<id>[A-Z]+\d+)  .*?(?:  can't be shown here: (?P<why>.*))?$", re.MULTILINE
)


@dataclass(frozen=True)
class Showing:
    """A cell that shows a claim, and whether the claim held."""

    page: Page
    cell: str
    number: int
    verdict: str


def showings(course: Course) -> dict[str, list[Showing]]:
    """Return, for each claim, the cells of built lessons whose stored output has its line."""
    found: dict[str, list[Showing]] = {}
    for page in course.pages:
        if page.folder == LESSON:
            for id_, showing in _in_notebook(page, course):
                found.setdefault(id_, []).append(showing)
    return found


def _in_notebook(page: Page, course: Course) -> Iterator[tuple[str, Showing]]:
    try:
        cells = json.loads((course.root / page.file).read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return  # not built yet, or spoiled: other rules say so
    for cell in cells:
        texts = ["".join(output.get("text", "")) for output in cell.get("outputs", ())]
        for line in _LINE.finditer("\n".join(texts)):
            yield line["id"], Showing(page, cell["id"], cell["execution_count"], _verdict(line))


def _verdict(line: re.Match[str]) -> str:
    if line["sign"] == "✓":
        return "✓ held"
    return f"could not be shown: {line['why']}" if line["why"] else "✗ did not hold"


def owners(course: Course) -> dict[str, Lesson]:
    """Return the lesson that each claim belongs to."""
    return {id_: lesson for lesson in course.outline.lessons for id_ in lesson.claims}


def claims_text(course: Course) -> str:
    """Return the text of the whole page."""
    seen, mine = showings(course), owners(course)
    parts = [HEAD, ""]
    for letters, ids in groupby(course.claims, key=lambda id_: id_.rstrip("0123456789")):
        parts += [f"## {GROUPS.get(letters, letters)}", ""]
        parts += ["| | claim | shown in | in this build |", "| --- | --- | --- | --- |"]
        parts += [_row(id_, course, seen.get(id_, []), mine.get(id_)) for id_ in ids]
        parts.append("")
    return "\n".join(parts)


def _row(id_: str, course: Course, cells: list[Showing], owner: Lesson | None) -> str:
    kind, _, rest = course.claims[id_].partition(": ")
    named = kind in ("Guideline", "Mistake")  # the heading says so already
    words = (rest[:1].upper() + rest[1:] if named else course.claims[id_]).replace("|", "\\|")
    best = next((one for one in cells if one.page.lesson == owner), cells[0] if cells else None)
    if best is None:
        where = f"{owner.number} {owner.title}" if owner else "no lesson yet"
        return f"| {id_} | {words} | {where} | not yet |"
    # JupyterLab goes to the cell; a code host takes no notice of what stands behind the #.
    link = f"../{best.page.file}#cell-id={best.cell}"
    title = f"{best.page.lesson.number} {best.page.lesson.title}"
    return f"| {id_} | {words} | [{title}, cell {best.number}]({link}) | {best.verdict} |"


def claims_page_is_fresh(course: Course) -> Iterator[Problem]:
    """Yield a problem if the page differs from what the outline and the stored outputs say."""
    path = course.root / CLAIMS_PAGE
    if not path.exists():
        yield Problem(CLAIMS_PAGE, "is missing", "Run: python3 course.py build")
    elif path.read_text(encoding="utf-8") != claims_text(course):
        yield Problem(CLAIMS_PAGE, "is stale", "Run: python3 course.py build")


def every_claim_is_shown(course: Course) -> Iterator[Problem]:
    """Yield a problem for a claim without a lesson, or that no cell of its lesson shows."""
    seen, mine = showings(course), owners(course)
    orphans = [id_ for id_ in course.claims if id_ not in mine]
    if orphans:
        fix = f"Give each to the lesson that shows it; or take it out of {CLAIMS}"
        yield Problem(OUTLINE, f"no lesson owns {', '.join(orphans)}", fix)
    unseen = [id_ for id_ in course.claims if id_ not in seen and id_ not in orphans]
    if unseen:
        fix = (
            "Write the lesson that owns it, with claim(…) in a cell; then: python3 course.py build"
        )
        yield Problem(CLAIMS, f"no cell of a written lesson shows {', '.join(unseen)}", fix)


RULES = (claims_page_is_fresh, every_claim_is_shown)
