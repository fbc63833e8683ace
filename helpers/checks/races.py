"""Whether a race is really gone: workers interleave by force, and what they note is read.

In the bounded runner every process notes a line that reads and writes a shared value without a
lock while another one changes it (runner/injected/course_races.py). Left to chance, that is rare.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import current_process
from pathlib import Path

from helpers.checks.verdict import OK, Judgement, not_yet
from helpers.runner.events import read_notes

INTERLEAVE = "course_interleave"  # known to injected/course_races.py too


@contextmanager
def forced_interleaving() -> Iterator[None]:
    """Inside it, a child that reads a shared value without a lock lets others go first."""
    config = current_process()._config  # handed from each process to its children
    config[INTERLEAVE] = True
    try:
        yield
    finally:
        config.pop(INTERLEAVE, None)


def no_race(cure: str) -> Judgement:
    """Whether no line has raced so far in this run; `cure` says what to do about it."""
    folder = os.environ.get("COURSE_RUN_NOTES")
    if not folder:
        raise RuntimeError("Races are noted in the bounded runner only. Use judge_file().")
    raced = [note for note in read_notes(Path(folder)) if note["what"] == "raced"]
    if not raced:
        return OK
    line = raced[0]["line"]
    return not_yet(
        f"line {line} reads a shared value and writes it back, and another process changed it in "
        f"between. {cure}"
    )
