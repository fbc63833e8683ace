"""The map of the course in README.md, made from the outline.

fresh_readme(text, course) -> the text with a fresh map between the two markers
"""

from __future__ import annotations

from tools.outline import BEING_WRITTEN, Course, Lesson

README = "README.md"
BEGIN = "<!-- map:begin -->"
END = "<!-- map:end -->"


class NoMarkers(Exception):
    """README.md has no place for the map."""

    def __init__(self) -> None:
        super().__init__(
            f"{README} has no place for the map of the course. Write the lines {BEGIN} and {END}"
            " where the map belongs"
        )


def fresh_readme(text: str, course: Course) -> str:
    """Return README's text with a fresh map; raise NoMarkers if it has no place for one."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise NoMarkers
    return f"{before}{BEGIN}\n{map_text(course)}\n{END}{after}"


def map_text(course: Course) -> str:
    """Return the map: a table with a row for each lesson, and the total time."""
    lessons = course.outline.lessons
    rows = [_row(lesson) for lesson in lessons]
    minutes = sum(_minutes(lesson) for lesson in lessons)
    deeper = sum(lesson.deeper for lesson in lessons if lesson.written)
    more = f"; {_duration(deeper)} more for the optional sections" if deeper else ""
    head = ["| | lesson | you will be able to | minutes | lab |", "| --- | --- | --- | --- | --- |"]
    total = f"{_duration(minutes)} in all, labs included{more}."
    return "\n".join(["", *head, *rows, "", total, *_puzzles_text(course), ""])


def _puzzles_text(course: Course) -> list[str]:
    """Return the lines on the puzzles: a table with a row for each set; none without puzzles."""
    sets = course.outline.puzzles
    if not sets:
        return []
    rows = [
        f"| {one.number} | [{one.title}](labs/{one.name}.ipynb) | {one.after} | {one.minutes} |"
        for one in sets
    ]
    head = ["| | puzzles, six in each notebook | after lesson | minutes |"]
    return ["", *head, "| --- | --- | --- | --- |", *rows]


def _row(lesson: Lesson) -> str:
    title = f"[{lesson.title}](notebooks/{lesson.name}.ipynb)"
    minutes = str(lesson.minutes) + (f" + {lesson.deeper}" if lesson.deeper else "")
    if not lesson.written:
        title, minutes = f"{lesson.title} ({BEING_WRITTEN})", ""
    lab = (
        f"[{lesson.lab.title}](labs/{lesson.name}.ipynb), {lesson.lab.minutes} min"
        if lesson.lab
        else ""
    )
    return f"| {lesson.number} | {title} | {lesson.goal} | {minutes} | {lab} |"


def _minutes(lesson: Lesson) -> int:
    """Return how long the existing notebooks of this lesson take."""
    lab = lesson.lab.minutes if lesson.lab else 0
    return lab + (lesson.minutes if lesson.written else 0)


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
    return " ".join(part for part in parts if part)
