"""Rules about the built notebooks: they match their source, and what they store can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbformat import NotebookNode

from tools.build.compose import compose
from tools.build.notebooks import code_cells, fingerprints, read_notebook
from tools.build.percent import SourceError
from tools.build.stored_outputs import IGNORED, texts, unstorable
from tools.check.problem import Problem
from tools.launcher.shipped import SHIPPED, read_shipped
from tools.outline import LAB, SOLUTION, Course, OutlineError, Page

MAX_BYTES = 700_000
MAX_IGNORED = 0.6

VERDICT = re.compile(r"^ *(ok|todo|not yet)\b", re.MULTILINE)


def _notebooks(course: Course) -> Iterator[tuple[Page, NotebookNode]]:
    """Yield each built notebook that can be read."""
    for page in course.pages:
        notebook = read_notebook(course.root / page.file)
        if notebook is not None:
            yield page, notebook


def _build(page: Page, *, force: bool = False) -> str:
    forced = " --force" if force else ""
    return f"Run: python3 course.py build {page.folder}/{page.lesson.name}{forced}"


def notebooks_match_their_source(course: Course) -> Iterator[Problem]:
    """Yield a problem for a notebook that differs from what its source makes, outputs aside."""
    for page in course.pages:
        if not all((course.root / name).exists() for name in (page.source, page.file)):
            continue  # reported by partners_exist
        notebook = read_notebook(course.root / page.file)
        if notebook is None:
            yield Problem(page.file, "is not a notebook that can be read", _build(page, force=True))
            continue
        try:
            fresh = compose(page, course)
        except (SourceError, OutlineError):
            continue  # reported by sources_can_be_read
        if what := _difference(notebook, fresh):
            name = f"{page.folder}/{page.lesson.name}"
            fix = (
                f"If you edited {page.source}: python3 course.py build {name}. If you worked in the"
                f" notebook and want it back as it was: python3 course.py reset {name}"
            )
            yield Problem(page.file, f"does not match {page.source}: {what}", fix)


def _difference(old: NotebookNode, new: NotebookNode) -> str:
    """Return what differs between two notebooks, outputs aside; "" if they match."""
    cells = [[_without_outputs(cell) for cell in notebook.cells] for notebook in (old, new)]
    for one, other in zip(*cells, strict=False):
        if one != other:
            return f"cell {other['id']}"
    if len(cells[0]) != len(cells[1]):
        return f"{len(cells[0])} cells instead of {len(cells[1])}"
    return "" if old.metadata == new.metadata else "its metadata"


def _without_outputs(cell: NotebookNode) -> dict:
    return {key: cell.get(key) for key in ("id", "cell_type", "source", "metadata")}


def enough_is_compared(course: Course) -> Iterator[Problem]:
    """Yield a problem for a cell that has not run in order, or too many uncompared outputs."""
    for page, notebook in _notebooks(course):
        cells = code_cells(notebook)
        for count, cell in enumerate(cells, 1):
            if cell.execution_count != count:
                what = f"cell {cell.id} was not run in order, so no test compares its output"
                yield Problem(page.file, what, _build(page, force=True))
        ignored = sum(
            any(tag in IGNORED for tag in cell.metadata.get("tags", ())) for cell in cells
        )
        if cells and ignored / len(cells) > MAX_IGNORED:
            what = f"the outputs of {ignored} of {len(cells)} code cells are not compared"
            fix = "Print what is always so, start changing lines with 'measured:', and untag them"
            yield Problem(page.source, what, fix)


def outputs_are_the_same_everywhere(course: Course) -> Iterator[Problem]:
    """Yield a problem for an output that names this run or machine, and an unmarked error."""
    for page, notebook in _notebooks(course):
        for cell in code_cells(notebook):
            for fault in unstorable(cell, course.root):
                what, fix = fault.rsplit(". ", 1)
                yield Problem(page.file, f"cell {cell.id} has {what}", f"{fix}. {_build(page)}")
            raised = any(output.output_type == "error" for output in cell.outputs)
            if raised and "raises-exception" not in cell.metadata.get("tags", ()):
                fix = f"Fix {page.source}, or tag the cell raises-exception; then build"
                yield Problem(page.file, f"cell {cell.id} has raised an error", fix)


def labs_are_unsolved_and_solutions_pass(course: Course) -> Iterator[Problem]:
    """Yield a problem for a lab that does not say `todo`, or a solution with a verdict but `ok`."""
    for page, notebook in _notebooks(course):
        found = VERDICT.findall("\n".join(text for c in code_cells(notebook) for text in texts(c)))
        if page.folder == LAB and page.has_puzzles:
            if set(found) != {"not yet"}:
                what = f"is not shipped broken: {', '.join(found) or 'no verdict'}"
                fix = f"Let each puzzle in {page.source} fail its check, then build"
                yield Problem(page.file, what, fix)
        elif page.folder == LAB and "todo" not in found:
            what = "is shipped solved, or without a check: no requirement says todo"
            fix = f"Put the solution in {page.source} between its markers; call the check; build"
            yield Problem(page.file, what, fix)
        if page.folder == SOLUTION and set(found) != {"ok"}:
            what = f"does not pass its check: {', '.join(sorted(set(found))) or 'no verdict'}"
            yield Problem(page.file, what, f"Fix the solution in {page.source}, then build")


def notebooks_are_small(course: Course) -> Iterator[Problem]:
    """Yield a problem for a notebook that is too large to clone, open and review easily."""
    for page in course.pages:
        path = course.root / page.file
        size = path.stat().st_size if path.exists() else 0
        if size > MAX_BYTES:
            what = f"has {size // 1000} kB; the limit is {MAX_BYTES // 1000} kB"
            yield Problem(page.file, what, f"Show fewer or smaller pictures in {page.source}")


def shipped_fingerprints_are_fresh(course: Course) -> Iterator[Problem]:
    """Yield a problem if docs/shipped.json, which tells learners' edits from ours, is stale."""
    noted, now = read_shipped(course.root), fingerprints(course)
    for page in course.pages:
        if page.file in now and noted.get(page.file) != now[page.file]:
            what = f"does not hold the fingerprint of {page.file} as it is"
            yield Problem(SHIPPED, what, _build(page))
    for name in sorted(set(noted) - {page.file for page in course.pages}):
        yield Problem(
            SHIPPED,
            f"holds {name}, which is not in the outline",
            "Build any notebook: python3 course.py build 00",
        )


RULES = (
    shipped_fingerprints_are_fresh,
    notebooks_match_their_source,
    enough_is_compared,
    outputs_are_the_same_everywhere,
    labs_are_unsolved_and_solutions_pass,
    notebooks_are_small,
)
