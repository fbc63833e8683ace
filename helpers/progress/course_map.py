"""The map of the course with the learner's progress: a table in a notebook, text in a terminal.

show_progress() -> CourseMap -> text/html | text/plain
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from helpers.progress.labs import (
    CourseProgress,
    LabProgress,
    PuzzleProgress,
    course_progress,
)
from helpers.progress.outline import Lesson

_LEFT = 'style="text-align: left"'  # JupyterLab aligns the text of tables to the right
_HEAD = ("", "lesson", "lab", "you have", "tries", "hints")


class CourseMap:
    """Each lesson and lab of the course, how far the learner is, and what to do next."""

    def __init__(self, progress: CourseProgress) -> None:
        self.progress = progress

    def __repr__(self) -> str:
        rows: list[tuple[str, ...]] = [_HEAD]
        for lesson, lab in self.progress.lessons:
            rows += [_cells(lesson, lab), *map(_puzzle_cells, self._puzzles_after(lesson))]
        widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD))]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        return "\n".join([*lines, "", f"Next: {self.progress.next}"])

    def _repr_html_(self) -> str:
        head = "".join(f"<th {_LEFT}>{word}</th>" for word in _HEAD)
        rows = "\n".join(
            row
            for lesson, lab in self.progress.lessons
            for row in (_html_row(lesson, lab), *map(_puzzle_row, self._puzzles_after(lesson)))
        )
        following = html.escape(self.progress.next, quote=False)
        return (
            f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n"
            f"<p><b>Next:</b> {following}</p>"
        )

    def _puzzles_after(self, lesson: Lesson) -> list[PuzzleProgress]:
        """Return the sets of puzzles that need this lesson and no later one."""
        return [one for one in self.progress.puzzles if one.puzzles.after == lesson.number]


def show_progress() -> CourseMap:
    """Return the map: a notebook shows it as a table, and `print` shows it as text."""
    return CourseMap(course_progress())


def _cells(lesson: Lesson, lab: LabProgress | None) -> tuple[str, ...]:
    """Return the texts in one row of the map."""
    title = lesson.title if lesson.written else f"{lesson.title} (still being written)"
    if lab is None or lesson.lab is None:
        return lesson.number, title, "", "", "", ""
    counts = [str(count) if lab.begun else "" for count in (lab.tries, lab.hints)]
    return lesson.number, title, lesson.lab.title, lab.state, *counts


def _puzzle_cells(puzzles: PuzzleProgress) -> tuple[str, ...]:
    """Return the texts in the map's row for a set of puzzles."""
    one, counts = puzzles.puzzles, (puzzles.tries, puzzles.hints)
    shown = [str(count) if puzzles.begun else "" for count in counts]
    return (
        "",
        "",
        f"Puzzles {one.number}: {one.title}",
        puzzles.state,
        *shown,
    )


def _puzzle_row(puzzles: PuzzleProgress) -> str:
    """Return the table's row for a set of puzzles, with a link to it."""
    number, lesson, title, *rest = (html.escape(cell) for cell in _puzzle_cells(puzzles))
    return _row([number, lesson, _link(f"../{puzzles.puzzles.lab_file}", title), *rest])


def _html_row(lesson: Lesson, lab: LabProgress | None) -> str:
    """Return one row of the table, with links to the lesson and the lab."""
    number, title, lab_title, *rest = (html.escape(cell) for cell in _cells(lesson, lab))
    linked = [number, _link(f"../{lesson.file}", title) if lesson.written else title]
    linked.append(_link(f"../{lesson.lab_file}", lab_title) if lab_title else "")
    return _row([*linked, *rest])


def _row(cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<td {_LEFT}>{cell}</td>" for cell in cells) + "</tr>"


def _link(target: str, words: str) -> str:
    return f'<a href="{html.escape(target)}">{words}</a>'
