"""A call of an answer whose processes meet at a gate, so that a race or a deadlock happens.

The answer is given `greet` of rendezvous/gate.py and calls it in each of its processes. From there
on they take turns, one instruction each.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.verdict import OK, Judgment, not_yet
from helpers.rendezvous import gate
from helpers.rendezvous.meeting import Meeting
from helpers.runner.events import read_notes

_PATIENCE = 4.0  # seconds; two interpreters that start together don't differ by more under load
_ALONE = 1.0  # seconds; by then, an answer that starts several processes has started them


def called_at_gate(call: Callable[..., object], *args: object, expected: int) -> object:
    """Return what `call(*args, greet)` returns; `expected` processes wait for each other.

    They don't wait long if the answer starts one after the other, or has one worker for all.
    """
    # The recorder tells the meeting when the parent waits for the end of a process.
    with Meeting(expected, _PATIENCE, in_turns=True) as meeting, Lifecycle() as lifecycle:
        threading.Thread(target=_hurry, args=(meeting, lifecycle), daemon=True).start()
        return call(*args, gate.greet)


def _hurry(meeting: Meeting, lifecycle: Lifecycle) -> None:
    """Tell the meeting to wait less if fewer processes than it expects have been started."""
    meeting.came(1, threading.TIMEOUT_MAX)
    meeting.came(meeting.expected, _ALONE)
    workers = [one for one in lifecycle.started if "Manager" not in one.name]
    if len(workers) < meeting.expected:
        for _, pid, _ in list(meeting.reports):
            meeting.parent_joins(pid)


def all_greeted(names: list[str]) -> Judgment:
    """Judge whether `greet` has been called with each of these names in this run."""
    folder = os.environ.get("COURSE_RUN_NOTES")
    notes = read_notes(Path(folder)) if folder else []
    came = {note["name"] for note in notes if note["what"] == gate.NOTE}
    if missing := [name for name in names if name not in came]:
        return not_yet(f"greet was not called for {' and '.join(missing)}")
    return OK
