"""The map of the course with the learner's progress: a table in a notebook, text in a terminal.

show_progress() -> CourseMap -> text/html | text/plain
"""

from __future__ import annotations

import html

from helpers.progress.labs import CourseProgress, LabProgress, course_progress
from helpers.progress.outline import Lesson

_LEFT = 'style="text-align: left"'  # JupyterLab aligns the text of tables to the right
_HEAD = ("", "lesson", "lab", "you have", "tries", "hints")


class CourseMap:
    """Each lesson and lab of the course, how far the learner is, and what to do next."""

    def __init__(self, progress: CourseProgress) -> None:
        self.progress = progress

    def __repr__(self) -> str:
        rows = [_HEAD, *(_cells(lesson, lab) for lesson, lab in self.progress.lessons)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD))]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        return "\n".join([*lines, "", f"Next: {self.progress.next}"])

    def _repr_html_(self) -> str:
        head = "".join(f"<th {_LEFT}>{word}</th>" for word in _HEAD)
        rows = "\n".join(_html_row(*row) for row in self.progress.lessons)
        following = html.escape(self.progress.next, quote=False)
        return (
            f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n"
            f"<p><b>Next:</b> {following}</p>"
        )


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


def _html_row(lesson: Lesson, lab: LabProgress | None) -> str:
    """Return one row of the table, with links to the lesson and the lab."""
    number, title, lab_title, *rest = (html.escape(cell) for cell in _cells(lesson, lab))
    linked = [number, _link(f"../{lesson.file}", title) if lesson.written else title]
    linked.append(_link(f"../{lesson.lab_file}", lab_title) if lab_title else "")
    return "<tr>" + "".join(f"<td {_LEFT}>{cell}</td>" for cell in (*linked, *rest)) + "</tr>"


def _link(target: str, words: str) -> str:
    return f'<a href="{html.escape(target)}">{words}</a>'
