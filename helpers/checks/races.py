"""A judgment on whether an answer has a race, by what the processes of this run have noted.

In the bounded runner every process notes a line that reads a shared value and writes it back
without a lock, if another process changed the value in between (runner/injected/course_races.py).
That rarely happens by chance, so a check makes the processes take turns (rendezvous/stepping.py).
"""

from __future__ import annotations

import os
from pathlib import Path

from helpers.checks.verdict import OK, Judgment, not_yet
from helpers.runner.events import read_notes


def no_race(cure: str) -> Judgment:
    """Judge whether no line has raced so far in this run; `cure` ends the reason with advice.

    Raise RuntimeError outside the bounded runner, where nothing notes a race.
    """
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
