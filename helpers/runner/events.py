"""The events that the processes of one run have noted about themselves, read from their files.

folder of *.notes (written by injected/course_events.py)  ->  events, ordered by time
"""

from __future__ import annotations

import ast
import contextlib
import threading
from pathlib import Path

MOST_BYTES = 200_000  # read of each file: one process's notes, or its stacks
_MOST_FILES = 1000
_parsing = threading.Lock()  # see _parsed


def read_notes(folder: Path) -> list[dict]:
    """Return every event in the folder, the earliest first; [] if the folder is gone."""
    events, paths = [], []
    with contextlib.suppress(OSError):  # it may be removed while it is read
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".notes")
    for path in paths[:_MOST_FILES]:
        for line in _text(path).splitlines():
            with contextlib.suppress(ValueError, SyntaxError):  # the last line may be half written
                events.append(_parsed(line))
    return sorted(events, key=lambda event: event["at"])


def _parsed(line: str) -> dict:
    """Return the event in a line; raise ValueError or SyntaxError if it is not a Python literal.

    Python's parser can raise SystemError ("recursion depth mismatch"; seen on 3.11.7 under load)
    when two threads parse at the same time. The lock keeps our own threads apart, but the kernel
    may parse a cell just then, so the line is also parsed again.
    """
    for _ in range(20):
        with _parsing, contextlib.suppress(SystemError):
            return ast.literal_eval(line)
    raise ValueError(f"can't be parsed: {line[:80]}")


def _text(path: Path) -> str:
    """Return the beginning of a file; "" if it is gone."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", errors="replace")
    except OSError:  # removed meanwhile
        return ""
