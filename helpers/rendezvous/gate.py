"""A gate at which the processes of a puzzle wait for each other, so that a fault shows every time.

A check passes `greet` to the puzzle's program, which calls it in each process. Behind the gate the
processes take turns, instruction by instruction (stepping.py).
"""

from __future__ import annotations

import sys

from helpers.rendezvous.meeting import report

NOTE = "greeted"


def greet(name: str) -> None:
    """Wait at the check's meeting until the other processes have come, too.

    A process that holds a lock does not wait: the others may need that lock on their way here. Do
    nothing outside a check. Raise TypeError if `name` is not a str.
    """
    if "course_events" in sys.modules:  # imported by every process of a run
        sys.modules["course_events"].note(NOTE, name=name)
    if "course_races" not in sys.modules or not sys.modules["course_races"].holds_lock():
        report(name)
