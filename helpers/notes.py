"""The learner's own notes: predictions and what this machine is like, in one small file.

The file is `.course/notes.json` in the course's folder, or where COURSE_STATE says. It is written
beside itself and then put in place, so that a crash in the middle of writing loses nothing.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

_ROOT = Path(__file__).parent.parent


def place() -> Path:
    """Where the notes are kept."""
    return Path(os.environ.get("COURSE_STATE") or _ROOT / ".course" / "notes.json")


def read(section: str) -> dict:
    """One section of the notes, by name; empty if there is none yet or it can't be read."""
    return _all().get(section, {})


def keep(section: str, name: str, value: object) -> None:
    """Note `value` (plain JSON data) under `section` and `name`.

    A folder that can't be written is no reason to stop a lesson: then nothing is kept.
    """
    everything = _all()
    everything.setdefault(section, {})[name] = value
    path = place()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, suffix=".new", delete=False, encoding="utf-8"
        ) as new:
            json.dump(everything, new, indent=1)
        Path(new.name).replace(path)
    except OSError:
        return


def _all() -> dict:
    try:
        everything = json.loads(place().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return everything if isinstance(everything, dict) else {}
