"""What the processes of one bounded run have noted of themselves, read from their files.

folder of *.notes (written by inside/course_notes.py)  ->  events in the order of their time
"""

from __future__ import annotations

import ast
import contextlib
from pathlib import Path

LONGEST = 200_000  # bytes of one process's notes that are read
_MOST_FILES = 1000


def read_notes(folder: Path) -> list[dict]:
    """Every event in the folder, the earliest first; none if there is no such folder any more."""
    events, paths = [], []
    with contextlib.suppress(OSError):  # it may be removed while it is read
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".notes")
    for path in paths[:_MOST_FILES]:
        for line in _text(path).splitlines():
            with contextlib.suppress(ValueError, SyntaxError):  # the last one, half written
                events.append(ast.literal_eval(line))
    return sorted(events, key=lambda event: event["at"])


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST).decode("utf-8", errors="replace")
    except OSError:  # removed meanwhile
        return ""
