"""What was seen of a program whose failure no rule names: who waits, what died, what was inherited.

what_was_seen(report)  ->  ["Process-1 has waited for a lock for 4 s, in a `with` statement", …]
"""

from __future__ import annotations

from collections.abc import Iterator

from helpers.diagnosis.blocking import waits_of
from helpers.runner.report import Member, Report, meaning

_MOST = 8  # lines; more would not help a reader
_THINGS = {
    "file": "an open file",
    "socket": "a network connection",
    "sqlite": "a connection to SQLite",
    "pool": "a Pool",
    "executor": "an executor",
    "thread lock": "a lock of threads",
    "thread event": "an event of threads",
    "thread condition": "a condition of threads",
    "thread barrier": "a barrier of threads",
    "thread queue": "a queue of threads",
}


def what_was_seen(report: Report) -> list[str]:
    """Return a line for each fact that may help a reader, the waits first."""
    lines = [*_waits(report), *_ends(report), *_deaths(report), *_inherited(report)]
    return list(dict.fromkeys(lines))[:_MOST]


def _waits(report: Report) -> Iterator[str]:
    for wait in waits_of(report):
        since = (
            f" for {wait.member.quiet:.0f} s" if wait.member.quiet >= 1 and not wait.number else ""
        )
        yield f"{wait.waiter} has waited for {wait.wanted}{since}, in {wait.call}"


def _ends(report: Report) -> Iterator[str]:
    """Yield who has the other end of a pipe, for processes that wait at one of their own."""
    titles = {member.pid: member.title for member in report.members}
    children = {
        member.pid for member in report.members if member.role in ("main", "child", "other")
    }
    for end in report.ends:
        if end["pid"] in children:
            holders = ", ".join(titles.get(pid, "a process") for pid in end["holders"])
            kind = end["end"].split()[0]
            where = f"is open in {holders}" if holders else "is open in no process"
            yield f"{titles.get(end['pid'])} {end['way']} a {kind} whose other end {where}"


def _deaths(report: Report) -> Iterator[str]:
    for member in report.members:
        if member.role == "child" and member.exit_code and not _was_told(report, member):
            took = f" after {member.seconds:.1f} s" if member.seconds is not None else ""
            yield f"{member.title} {meaning(member.exit_code)}{took}"


def _was_told(report: Report, member: Member) -> bool:
    """Return whether the program itself ended that process."""
    return any(note["what"] == "kill" and note["child"] == member.pid for note in report.notes)


def _inherited(report: Report) -> Iterator[str]:
    children = {child.pid: child for child in report.children if child.method == "fork"}
    for note in report.notes:
        if note["what"] == "carried" and note["child"] in children:
            for kind, name, _ in note["things"]:
                if kind in _THINGS:
                    yield f"{children[note['child']].title} got {_THINGS[kind]} by fork: {name}"
