"""Conditions on lost results, items and memory, found in the events that processes noted."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from helpers.diagnosis.conditions import Condition, Evidence, raises, says, traced_in
from helpers.runner.report import Report

_SEMAPHORE = "/mp-"
SHARED_MEMORY = r"multiprocessing/shared_memory\.py:\w+"


def raced(kind: str) -> Condition:
    """Return the condition that a line read and wrote a value while another process changed it."""
    return lambda e: any(note["kind"] == kind for note in races(e.report))


def races(report: Report) -> list[dict]:
    """Return an event for each line that raced: its `kind` ("value" or "manager"), `file`, `line`.

    A process notes "raced" when it sees that another one changed a value between its own read and
    write. It also notes the time from each read to the write. Where two such times of different
    processes overlap, both read the old value, so one of the two writes is lost:

        process A     read ------- write
        process B            read ------- write
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
    """Return whether tasks failed, and the main process asked for none of their exceptions."""
    return any(note["pid"] == e.main.pid for note in e.noted("unread"))


def never_unlinked(e: Evidence) -> bool:
    """Return whether the program made shared memory and never unlinked it."""
    made = {n["name"].lstrip("/") for n in e.noted("shared") if n["create"]}
    made = {name for name in made if not f"/{name}".startswith(_SEMAPHORE)}
    freed = {note["name"].lstrip("/") for note in e.noted("unlinked")}
    told = bool(e.report.shared) or says(r"leaked shared_memory object")(e)
    return e.report.exit_code == 0 and told and bool(made - freed)


def removed_by_stranger(e: Evidence) -> bool:
    """Return whether another process's resource tracker removed this program's shared memory."""
    gone = raises("FileNotFoundError")(e) and traced_in(SHARED_MEMORY)(e)
    return gone and says(r"leaked shared_memory object")(e)


def done_here(e: Evidence) -> bool:
    """Return whether a process got no target, or the program called run() instead of start()."""
    nothing = any(note["empty"] for note in e.noted("start"))
    return nothing or bool(e.noted("run here"))


def old_environment(e: Evidence) -> bool:
    """Return whether a child missed a variable that was set after its fork server had started."""
    set_later = {n["child"]: set(n["names"]) for n in e.noted("environment")}
    return any(note["name"] in set_later.get(note["pid"], ()) for note in e.noted("missed"))


def looked_too_early(e: Evidence) -> bool:
    """Return whether a child looked at a queue before an item had arrived; see course_queues."""
    return bool(e.noted("looked too early"))


def never_sent(e: Evidence) -> bool:
    """Return whether a queue's feeder thread could not pickle an item."""
    return any(note["feeder"] for note in e.noted("not pickled"))


def same_numbers(e: Evidence) -> bool:
    """Return whether several children drew from the same state of NumPy's random generator."""
    drawn = Counter(note["state"] for note in e.noted("drew"))
    return any(count > 1 for count in drawn.values())
