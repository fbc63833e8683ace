"""The state of a parent that its children do not have, found in what both noted about themselves.

    a run with AsCalled(..., records_state=True)  ->  Report  ->  uncarried_state(report)

runner/injected/course_state.py makes the notes.
"""

from __future__ import annotations

from dataclasses import dataclass

from helpers.runner.report import Report
from helpers.validation import bad_type

_MISSING = "nothing"
_MOST = 60  # characters of a value that are shown


@dataclass(frozen=True)
class Uncarried:
    """One part of a parent's state that a child lacks, or has with another value."""

    what: str  # such as "global cache"
    parent: str
    child: str
    name: str  # of the child

    def __str__(self) -> str:
        return (
            f"{self.what}: {_short(self.parent)} in the parent, {_short(self.child)} in the child"
        )


def uncarried_state(report: Report) -> list[Uncarried]:
    """Return which state the children did not get from the processes that started them.

    Raise TypeError if `report` is not a Report.
    """
    if not isinstance(report, Report):
        raise bad_type("report", report, "a Report", "Pass what run_safely(...) returned.")
    before: dict[int, dict[str, str]] = {}
    after: dict[int, dict[str, str]] = {}
    for note in report.notes:
        if note["what"] == "state before":
            before.setdefault(note["child"], {})[_what(note)] = note["value"]
        elif note["what"] == "state of child":
            after.setdefault(note["pid"], {})[_what(note)] = note["value"]
    names = {member.pid: member.title for member in report.members}
    found: dict[str, Uncarried] = {}
    for child, had in before.items():
        has = after.get(child)
        if has is None:  # it ended before it could note anything
            continue
        for what, value in had.items():
            if has.get(what, _MISSING) != value:
                one = Uncarried(what, value, has.get(what, _MISSING), names.get(child, "a process"))
                found.setdefault(what, one)
    return list(found.values())


def _what(note: dict) -> str:
    return f"{note['kind']} {note['name']}".strip()


def _short(value: str) -> str:
    return value if len(value) <= _MOST else f"{value[: _MOST - 1]}…"
