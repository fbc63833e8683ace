"""The wait-for graph of a program that hangs: which process waits for what, from its Report.

    main program ──▶ Process-2 ──▶ [an item]        a box for each process, a bracket for a thing
                        ▲
                     Process-3                       an arrow leads from what waits to its goal

An arrow leads to a process only if the report shows which one it is. Where it could be one of
several, the arrows are dashed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.text import Text

from helpers.diagnosis.blocking import Wait, waits_of
from helpers.plots.style import BLUE, GRAY, ink, new_axes, paper
from helpers.runner.report import Member, Report
from helpers.validation import require

_WIDTH, _ROW = 6.6, 0.85  # inches: the picture's width, and the height of a row
_READ_LOCK, _FEEDER = "the queue's read lock", "its own feeder thread"
_JOIN = "the end of that process"
_ADVICE = "Pass what run_safely(…) returned."


@dataclass(frozen=True)
class Arrow:
    """One arrow: `waiter` waits for `goal`, a process or a thing; `why` is written beside it."""

    waiter: str
    goal: str
    why: str
    is_process: bool
    certain: bool = True


def wait_arrows(report: Report) -> list[Arrow]:
    """Return the arrows of the wait-for graph. Raise TypeError if `report` is not a Report."""
    require("report", report, Report, _ADVICE)
    waits = waits_of(report)
    return [arrow for wait in waits for arrow in _arrows(wait, waits, report)]


def waits_in_words(report: Report) -> list[str]:
    """Return a sentence for each arrow, and one that says where the arrows lead in the end."""
    arrows = wait_arrows(report)
    if not arrows:
        return ["The report has no stack of a process that waits."]
    if _circle(arrows):
        return wait_sentences(report)
    ends = sorted({arrow.goal for arrow in arrows} - {arrow.waiter for arrow in arrows})
    return [*wait_sentences(report), f"The arrows end at: {', '.join(ends)}."]


def wait_sentences(report: Report) -> list[str]:
    """Return a sentence for each arrow, and one for a circle; [] if no process waits.

    They can be read without the picture. Raise TypeError if `report` is not a Report.
    """
    arrows = wait_arrows(report)
    circle = _circle(arrows)
    closing = [f"A circle: {' → '.join(circle)}. This is a deadlock."] if circle else []
    return [*map(_sentence, arrows), *closing]


def plot_waits(report: Report, ax: Axes | None = None) -> Axes:
    """Draw the wait-for graph: processes on the left, the things they wait for on the right."""
    arrows = wait_arrows(report)
    left = _processes(report, arrows)
    things = list(dict.fromkeys(arrow.goal for arrow in arrows if not arrow.is_process))
    ax = new_axes(ax, (_WIDTH, _ROW * max(2, len(left)) + 0.4))
    places = {name: (0.0, -float(row)) for row, name in enumerate(left)}
    for name in things:
        first = next(arrow.waiter for arrow in arrows if arrow.goal == name)
        taken = {y for x, y in places.values() if x}
        y = places[first][1]
        while y in taken:
            y -= 0.5
        places[name] = (1.0, y)
    boxes = {name: _draw_box(ax, name, place) for name, place in places.items()}
    for arrow in arrows:
        _draw_arrow(ax, arrow, boxes[arrow.waiter], boxes[arrow.goal])
    lowest = min(y for _, y in places.values()) if places else 0.0
    ax.set(xlim=(-0.75, 1.4), ylim=(lowest - 0.5, 0.5))
    ax.set_axis_off()
    return ax


def _arrows(wait: Wait, waits: list[Wait], report: Report) -> Iterator[Arrow]:
    """Yield the arrow of a wait, or a dashed one to each process that it may be waiting for."""
    goals: list[str] = []
    why = ""
    if wait.wanted == _JOIN:
        goals, why = [child.title for child in _joined(wait, report)], "to exit"
    elif wait.wanted == _FEEDER:
        goals = [one.waiter for one in waits if one.member is wait.member and one.number]
        why = "to write"
    elif wait.wanted == _READ_LOCK:
        goals, why = _reader(waits, report), "read lock"
    for goal in goals:
        yield Arrow(wait.waiter, goal, why, is_process=True, certain=len(goals) == 1)
    if not goals:
        lock = wait.wanted == "a lock" and wait.line
        thing = f"the lock of line {wait.line.line}" if lock and wait.line else wait.wanted
        yield Arrow(wait.waiter, thing, wait.call, is_process=False)


def _joined(wait: Wait, report: Report) -> list[Member]:
    """Return the child that the process joins, or all that it may be."""
    alive = [child for child in report.children if child.state == "alive"]
    asked = [
        note["child"]
        for note in report.notes
        if note["what"] == "join" and note["pid"] == wait.member.pid
    ]
    joined = [child for child in alive if asked and child.pid == asked[-1]]
    return joined or [child for child in alive if child.parent in (None, wait.member.pid)]


def _reader(waits: list[Wait], report: Report) -> list[str]:
    """Return the only process that can hold a queue's read lock; nothing if that is not certain.

    A process that reads a queue holds the queue's read lock. A process that was killed may have
    held it too, so then this is not certain.
    """
    readers = [one for one in waits if one.call == "get()" and one.wanted == "an item"]
    died = any(child.state != "alive" and child.exit_code != 0 for child in report.children)
    return [readers[0].waiter] if len(readers) == 1 and not died else []


def _processes(report: Report, arrows: list[Arrow]) -> list[str]:
    """Return the names of the living processes, and of the threads that have an arrow."""
    living = [one for one in report.members if one.state == "alive"]
    names = [one.title for one in living if one.role in ("main", "child")]
    more = [name for arrow in arrows for name in (arrow.waiter, arrow.goal * arrow.is_process)]
    return list(dict.fromkeys(name for name in [*names, *more] if name))


def _sentence(arrow: Arrow) -> str:
    """Return an arrow as a sentence."""
    if not arrow.is_process:
        return f"{arrow.waiter} is in {arrow.why} and waits for {arrow.goal}."
    maybe = "" if arrow.certain else "perhaps "
    return f"{arrow.waiter} waits for {maybe}{arrow.goal} ({arrow.why})."


def _circle(arrows: list[Arrow]) -> list[str]:
    """Return the names along a circle of certain arrows, the first name again at its end."""
    goal_of = {arrow.waiter: arrow.goal for arrow in arrows if arrow.certain}
    for start in goal_of:
        path = [start]
        while path[-1] in goal_of and goal_of[path[-1]] not in path:
            path.append(goal_of[path[-1]])
        if goal_of.get(path[-1]) == start:
            return [*path, start]
    return []


def _draw_box(ax: Axes, name: str, place: tuple[float, float]) -> Text:
    """Draw the box of a process, or of a thing in the right column, and return its text."""
    look = {"boxstyle": "round,pad=0.5", "facecolor": paper(), "edgecolor": BLUE}
    if place[0]:
        look |= {"boxstyle": "square,pad=0.5", "edgecolor": GRAY, "linestyle": "--"}
    return ax.text(*place, name, ha="center", va="center", color=ink(), bbox=look, zorder=1)


def _draw_arrow(ax: Axes, arrow: Arrow, start: Text, end: Text) -> None:
    """Draw one arrow and its reason: straight, or bent around the boxes between two processes."""
    (x, y), (goal_x, goal_y) = start.get_position(), end.get_position()
    rows = abs(goal_y - y)
    bend = 0.0 if goal_x or rows <= 1 else -0.8 if goal_y > y else 0.8
    ax.annotate(
        "", (goal_x, goal_y), (x, y), zorder=2,
        arrowprops={
            "arrowstyle": "-|>", "color": ink(), "mutation_scale": 16,
            "patchA": start.get_bbox_patch(), "patchB": end.get_bbox_patch(),
            "connectionstyle": f"arc3,rad={bend}", "linestyle": "-" if arrow.certain else "--",
        },
    )  # fmt: skip
    middle, height = (x + goal_x) / 2, (y + goal_y) / 2
    if goal_x:  # to a thing
        height, align = height + 0.14, "center"
    else:
        middle, align = (0.04, "left") if not bend else (-0.14 - 0.12 * rows, "right")
    ax.text(middle, height, arrow.why, ha=align, va="center", fontsize="small", color=ink())
