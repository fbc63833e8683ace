"""Whether an answer asks a queue if it is empty: a child's first look at each comes too early.

In the bounded runner only (helpers/inside/course_looks.py); left to chance, that is rare.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import current_process
from pathlib import Path

from helpers.told import read_notes

FIRST_LOOK = "course_first_look"  # known to inside/course_looks.py too


@contextmanager
def first_look_too_early() -> Iterator[None]:
    """Inside it, a child that looks at a Queue for the first time sees nothing there yet."""
    config = current_process()._config  # handed from each process to its children
    config[FIRST_LOOK] = True
    try:
        yield
    finally:
        config.pop(FIRST_LOOK, None)


def who_looked() -> str:
    """The line in which a child looked at a queue too early, in words; "" if none did."""
    folder = os.environ.get("COURSE_RUN_NOTES")
    notes = read_notes(Path(folder)) if folder else []
    lines = [note["line"] for note in notes if note["what"] == "looked too early"]
    return (
        f"line {lines[0]} asks whether a queue is empty, and it was, for a moment" if lines else ""
    )
