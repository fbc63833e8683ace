"""The estimate of how long a lesson takes a learner, and where its first reading ends.

A first reading takes at most half an hour. What can wait comes last, below a line `## Deeper`, and
nothing above depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tools.build.lesson_sources import readable_lessons
from tools.build.percent import Cell
from tools.check.problem import Problem
from tools.outline import Course, Lesson

DEEPER = "## Deeper"
MOST = 30  # minutes of a first reading
LEEWAY = 5  # minutes by which the estimate may be wrong

# The pace of a slow reader who looks at what each cell prints.
_WORDS_A_MINUTE = 150
_SECONDS_A_LINE, _SECONDS_A_CELL, _SECONDS_A_PREDICTION, _SECONDS_A_WIDGET = 3, 10, 30, 120
_WIDGET = re.compile(r"^[A-Z]\w*\(.*\)$", re.MULTILINE)  # a widget is what a line shows


def estimated_minutes(cells: Iterable[Cell]) -> float:
    """Return the minutes to read prose and code, run each cell, predict and try each widget.

    At 150 words a minute, 3 s a line of code, 10 s a cell, 30 s a prediction and two minutes a
    widget: an estimate, not a measurement. We have not timed real learners.
    """
    return sum(_seconds(cell) for cell in cells) / 60


def _seconds(cell: Cell) -> float:
    if cell.kind == "markdown":
        return len(cell.text.split()) / _WORDS_A_MINUTE * 60
    lines = sum(bool(line.strip()) for line in cell.text.splitlines())
    predictions = cell.text.count("predict(")
    widgets = len(_WIDGET.findall(cell.text))
    return (
        lines * _SECONDS_A_LINE
        + _SECONDS_A_CELL
        + predictions * _SECONDS_A_PREDICTION
        + widgets * _SECONDS_A_WIDGET
    )


def halves(cells: Iterable[Cell]) -> tuple[list[Cell], list[Cell]]:
    """Return the cells of the first reading, and those from the cell `## Deeper` on."""
    cells = list(cells)
    places = [place for place, cell in enumerate(cells) if cell.text.strip() == DEEPER]
    place = places[0] if places else len(cells)
    return cells[:place], cells[place:]


def minutes_are_honest(course: Course) -> Iterator[Problem]:
    """Yield a problem for a lesson that takes longer than the outline says, or than allowed."""
    for page, cells in readable_lessons(course):
        for what, fix in _faults(page.lesson, *halves(cells)):
            yield Problem(page.source, what, fix)


def _faults(lesson: Lesson, first: list[Cell], deeper: list[Cell]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a lesson's minutes, and how to fix it."""
    shorten = f"Move what can wait below a cell '{DEEPER}', or shorten it"
    if lesson.minutes > MOST:
        yield f"takes {lesson.minutes} minutes; {MOST} are allowed", shorten
    if estimated_minutes(first) > lesson.minutes + LEEWAY:
        yield (
            f"takes about {estimated_minutes(first):.0f} minutes, and says {lesson.minutes}",
            shorten,
        )
    if estimated_minutes(deeper) > lesson.deeper + LEEWAY:
        what = f"takes about {estimated_minutes(deeper):.0f} minutes more, and says {lesson.deeper}"
        yield what, "Correct `deeper` in the outline"
    if bool(deeper) != bool(lesson.deeper):
        what = f"has {'a' if deeper else 'no'} cell '{DEEPER}', and `deeper` is {lesson.deeper}"
        yield what, "Give both or neither: the cell, and its minutes"


RULES = (minutes_are_honest,)
