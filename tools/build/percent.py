"""Sources in the percent format, split into the cells of a lesson, a lab or its solution.

    source/labs/01_processes.py -> read_source -> cells -+-> lab_cells       (stubs)
                                                         +-> solution_cells  (solved)

What the learner is to write stands between `### BEGIN SOLUTION` and `### END SOLUTION`. A puzzle
has the broken lines right before it, between `### BEGIN BROKEN` and `### END BROKEN`: the learner
gets them in place of a stub.

Magics are comments in a source, so that ruff and editors read it as plain Python:
`# %load_ext helpers.magics` and, as the first line of a cell, `# %%module work_01`.
Only these become magics again; no other comment is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jupytext

# jupytext would also turn comments such as "# copy the list" into shell magics.
PERCENT = {"extension": ".py", "format_name": "percent", "comment_magics": False}

CELL = re.compile(r"^# %%(?=\s|$)")
MAGIC = re.compile(r"^# (%load_ext .+|%%[a-z_]\w*.*)$")
MARKER = re.compile(r"(BEGIN|END) (SOLUTION|BROKEN)")
WELL_FORMED = re.compile(r"^([ \t]*)### (BEGIN|END) (SOLUTION|BROKEN)[ \t]*$")

STUB = ("# Your code here, instead of the next line.", "raise NotImplementedError")


class SourceError(Exception):
    """A source can't be built; names the file, the line, the fault and the way to fix it."""

    def __init__(self, file: str, line: int, fault: str, fix: str) -> None:
        super().__init__(f"{file}:{line}: {fault}. {fix}")
        self.file = file
        self.line = line
        self.fault = fault
        self.fix = fix


@dataclass(frozen=True)
class Cell:
    """One cell of a source; `line` is where its text starts in the file."""

    kind: str  # "code" or "markdown"
    text: str
    tags: tuple[str, ...] = ()
    line: int = 0
    nbgrader: dict[str, Any] | None = None  # its metadata, where the cell has a part in grading


def read_source(path: Path, file: str) -> tuple[Cell, ...]:
    """Return the cells of the percent source at `path`; `file` is its name in messages."""
    text = path.read_text(encoding="utf-8")
    starts = _cell_starts(text, file)
    _check_markers(text, file)
    nodes = jupytext.reads(text, fmt=PERCENT).cells
    if len(nodes) != len(starts):
        raise SourceError(
            file,
            1,
            f"{len(starts)} lines start with '# %%', but there are {len(nodes)} cells",
            "Don't start a line with '# %%' inside a string",
        )
    return tuple(_cell(node, line, file) for node, line in zip(nodes, starts, strict=True))


def _cell_starts(text: str, file: str) -> list[int]:
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines, 1) if CELL.match(line)]
    first = next((number for number, line in enumerate(lines, 1) if line.strip()), 1)
    if not starts or starts[0] != first:
        raise SourceError(
            file,
            first,
            "the text before the first cell belongs to no cell",
            "Start the file with '# %% [markdown]' or '# %%'",
        )
    return starts


def _cell(node: dict, line: int, file: str) -> Cell:
    kind = node["cell_type"]
    if kind not in ("code", "markdown"):
        raise SourceError(file, line, f"a {kind} cell", "Use '# %%' or '# %% [markdown]'")
    text = node["source"].strip("\n")
    tags = tuple(node["metadata"].get("tags", ()))
    return Cell(kind, _with_magics(text) if kind == "code" else text, tags, line)


def _with_magics(text: str) -> str:
    return "\n".join(MAGIC.sub(r"\1", line) for line in text.splitlines())


def _check_markers(text: str, file: str) -> None:
    """Raise SourceError for a marker that is nested, unclosed, misspelled or in a prose cell.

    Raise it also for broken lines that no solution follows.
    """
    opened = broken = 0  # the line of the open marker, and of the end of the last broken lines
    kind = ""  # of the open marker
    in_markdown = False
    for number, line in enumerate(text.splitlines(), 1):
        if CELL.match(line):
            if opened:
                raise _unclosed(file, opened, kind)
            in_markdown = "[markdown]" in line
        found = MARKER.search(line)
        if broken and number == broken + 1 and not (found and found[0] == "BEGIN SOLUTION"):
            raise _without_solution(file, broken)
        if not found or in_markdown:
            continue
        _check_shape(line, file, number)
        if found[1] == "BEGIN":
            if opened:
                raise _nested(file, number, opened, kind)
            opened, kind = number, found[2]
        else:
            if not opened or found[2] != kind:
                raise _lonely(file, number, found[2])
            if number == opened + 1:
                raise _empty(file, number, kind)
            opened, broken = 0, number if kind == "BROKEN" else 0
    if opened:
        raise _unclosed(file, opened, kind)
    if broken and broken == len(text.splitlines()):
        raise _without_solution(file, broken)


def _check_shape(line: str, file: str, number: int) -> None:
    if not WELL_FORMED.match(line):
        raise SourceError(
            file,
            number,
            f"a marker that the build can't use: {line.strip()!r}",
            "Write '### BEGIN SOLUTION' or '### END SOLUTION' (or BROKEN), alone on its line",
        )


def _unclosed(file: str, line: int, kind: str) -> SourceError:
    return SourceError(
        file,
        line,
        f"this ### BEGIN {kind} is not closed in its cell",
        f"Write '### END {kind}' after the last line of it, in the same cell",
    )


def _nested(file: str, line: int, opened: int, kind: str) -> SourceError:
    return SourceError(
        file,
        line,
        f"a marker inside the ### BEGIN {kind} of line {opened}",
        f"Close the first with '### END {kind}', or remove this one",
    )


def _lonely(file: str, line: int, kind: str) -> SourceError:
    return SourceError(
        file,
        line,
        f"a ### END {kind} without its ### BEGIN {kind}",
        f"Write '### BEGIN {kind}' before the first line of it, in the same cell",
    )


def _empty(file: str, line: int, kind: str) -> SourceError:
    return SourceError(
        file,
        line,
        f"nothing between ### BEGIN {kind} and ### END {kind}",
        "Write the lines between the two",
    )


def _without_solution(file: str, line: int) -> SourceError:
    return SourceError(
        file,
        line,
        "broken lines without the solution that replaces them",
        "Write '### BEGIN SOLUTION' in the next line, then the corrected lines",
    )


def has_solution(cells: Iterable[Cell]) -> bool:
    """Return whether a cell holds a marked solution."""
    return any(cell.kind == "code" and MARKER.search(cell.text) for cell in cells)


def lab_cells(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Return the learner's cells: a stub for each solution, no cell tagged `solution`."""
    return tuple(_rewritten(cell, _stubbed) for cell in cells if "solution" not in cell.tags)


def assignment_cells(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Return nbgrader's cells: solutions between their markers, no cell tagged `solution`."""
    return tuple(cell for cell in cells if "solution" not in cell.tags)


def solution_cells(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Return the cells of the solved lab: everything but the marker lines."""
    return tuple(_rewritten(cell, _unmarked) for cell in cells)


def _rewritten(cell: Cell, rewrite: Callable[[list[str]], Iterable[str]]) -> Cell:
    if cell.kind != "code":
        return cell
    return replace(cell, text="\n".join(rewrite(cell.text.splitlines())))


def _stubbed(lines: Iterable[str]) -> Iterator[str]:
    """Yield the learner's lines: for each solution the broken lines before it, or a stub."""
    inside, has_broken_lines = False, False
    for line in lines:
        marker = WELL_FORMED.match(line)
        if marker and marker.group(2, 3) == ("BEGIN", "SOLUTION") and not has_broken_lines:
            yield from (marker[1] + stub for stub in STUB)
        if not (marker or inside):
            yield line
        if marker:
            inside = marker.group(2, 3) == ("BEGIN", "SOLUTION")
            has_broken_lines = marker.group(2, 3) == ("END", "BROKEN")


def _unmarked(lines: Iterable[str]) -> Iterator[str]:
    """Yield the solved lines: neither markers nor what the learner is to correct."""
    inside = False
    for line in lines:
        marker = WELL_FORMED.match(line)
        if not (marker or inside):
            yield line
        if marker:
            inside = marker.group(2, 3) == ("BEGIN", "BROKEN")
