"""What the processes of one bounded run have noted of themselves, read from their files.

folder of *.notes (written by injected/course_events.py)  ->  events in the order of their time
"""

from __future__ import annotations

import ast
import contextlib
import threading
from pathlib import Path

LONGEST = 200_000  # bytes of one process's notes that are read
_MOST_FILES = 1000
_parsing = threading.Lock()


def read_notes(folder: Path) -> list[dict]:
    """Every event in the folder, the earliest first; none if there is no such folder any more."""
    events, paths = [], []
    with contextlib.suppress(OSError):  # it may be removed while it is read
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".notes")
    for path in paths[:_MOST_FILES]:
        for line in _text(path).splitlines():
            with contextlib.suppress(ValueError, SyntaxError):  # the last one, half written
                events.append(_parsed(line))
    return sorted(events, key=lambda event: event["at"])


def _parsed(line: str) -> dict:
    """The event in the line.

    Two threads that parse at once, and the kernel may be the other one, can get a SystemError
    ("recursion depth mismatch": seen on 3.11.7 under load). Parsed again, the line is right.
    """
    for _ in range(20):
        with _parsing, contextlib.suppress(SystemError):
            return ast.literal_eval(line)
    raise ValueError(f"can't be parsed: {line[:80]}")


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST).decode("utf-8", errors="replace")
    except OSError:  # removed meanwhile
        return ""
