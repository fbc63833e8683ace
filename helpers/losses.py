"""Conditions on what gets lost without an error, from what the processes noted of themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

from helpers.evidence import Condition, Evidence, raises, says

_SEMAPHORE = "/mp-"


def raced(kind: str) -> Condition:
    """Two processes read and wrote one thing at overlapping times, without a lock."""

    def condition(e: Evidence) -> bool:
        spans: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
        for note in e.noted("changed"):
            if note["kind"] == kind:
                spans[note["of"]] += [(a, b, note["pid"]) for a, b in note["spans"]]
        return any(_overlap(sorted(each)) for each in spans.values())

    return condition


def _overlap(spans: list[tuple[float, float, int]]) -> bool:
    return any(
        second[0] < first[1] and first[2] != second[2] for first, second in pairwise(spans)
    )


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


def same_numbers(e: Evidence) -> bool:
    """Several children drew from one and the same state of numpy's random numbers."""
    drawn = Counter(note["state"] for note in e.noted("drew"))
    return any(count > 1 for count in drawn.values())
