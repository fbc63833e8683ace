"""Conditions on what gets lost without an error, from what the processes noted of themselves."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from helpers.diagnosis.conditions import Condition, Evidence, raises, says
from helpers.runner.report import Report

_SEMAPHORE = "/mp-"


def raced(kind: str) -> Condition:
    """One line read and wrote a thing without a lock, and another process changed it meanwhile."""
    return lambda e: any(note["kind"] == kind for note in races(e.report))


def races(report: Report) -> list[dict]:
    """The notes on lines that raced: each has its `kind`, "value" or "manager", `file` and `line`.

    Two processes have raced, too, if both had read a thing before either wrote it: of what each
    noted of itself, from when to when it was between the two, some of it is at the same time.
    """
    gaps: dict[str, list[dict]] = {}
    for note in report.notes:
        if note["what"] == "unlocked":
            gaps.setdefault(note["thing"], []).append(note)
    crossing = [one for notes in gaps.values() for one in _at_the_same_time(notes)]
    noted = [note for note in report.notes if note["what"] == "raced"]
    return noted + [{**one, "kind": "manager"} for one in crossing]


def _at_the_same_time(gaps: list[dict]) -> list[dict]:
    gaps = sorted(gaps, key=lambda gap: gap["since"])
    return [
        later
        for before, later in pairwise(gaps)
        if before["pid"] != later["pid"] and later["since"] < before["at"]
    ]


def unread(e: Evidence) -> bool:
    """Tasks failed, and the main process asked for none of their exceptions."""
    return any(note["pid"] == e.main.pid for note in e.noted("unread"))


def never_unlinked(e: Evidence) -> bool:
    """Shared memory was made that nobody unlinked."""
    made = {n["name"].lstrip("/") for n in e.noted("shared") if n["create"]}
    made = {name for name in made if not f"/{name}".startswith(_SEMAPHORE)}
    freed = {note["name"].lstrip("/") for note in e.noted("unlinked")}
    told = bool(e.report.shared) or says(r"leaked shared_memory object")(e)
    return e.report.exit_code == 0 and told and bool(made - freed)


def removed_by_stranger(e: Evidence) -> bool:
    """Shared memory was gone that this program had made, and a stranger's tracker took it."""
    gone = raises("FileNotFoundError", r"/?(?:psm_|wnsm_|\w+)")(e)
    return gone and says(r"shared_memory\.py")(e) and says(r"leaked shared_memory object")(e)


def done_here(e: Evidence) -> bool:
    """A process was started with nothing to do, or run() was called instead of start()."""
    nothing = any(note["empty"] for note in e.noted("start"))
    return nothing or bool(e.noted("run here"))


def old_environment(e: Evidence) -> bool:
    """A fork server's child asked for a variable that its parent set after the server's start."""
    set_later = {n["child"]: set(n["names"]) for n in e.noted("environment")}
    return any(note["name"] in set_later.get(note["pid"], ()) for note in e.noted("missed"))


def looked_too_early(e: Evidence) -> bool:
    """A child asked whether a queue was empty, and was made to believe it for a moment."""
    return bool(e.noted("looked too early"))


def never_sent(e: Evidence) -> bool:
    """A queue's thread could not pickle what it was to send."""
    return any(note["feeder"] for note in e.noted("not pickled"))


def same_numbers(e: Evidence) -> bool:
    """Several children drew from one and the same state of numpy's random numbers."""
    drawn = Counter(note["state"] for note in e.noted("drew"))
    return any(count > 1 for count in drawn.values())
