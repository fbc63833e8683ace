"""The learner's own notes: predictions and what this machine is like, in one small file.

The file is `.course/notes.json` in the course's folder, or where COURSE_STATE says. It is written
beside itself and then put in place, so that a crash in the middle of writing loses nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path

from helpers.refusals import bad_type

_ROOT = Path(__file__).parent.parent


def place() -> Path:
    """Where the notes are kept."""
    return Path(os.environ.get("COURSE_STATE") or _ROOT / ".course" / "notes.json")


def read(section: str) -> dict:
    """One section of the notes, by name; empty if there is none yet or it can't be read."""
    _check_names(section=section)
    kept = _all().get(section)
    return kept if isinstance(kept, dict) else {}


def keep(section: str, name: str, value: object) -> None:
    """Note `value` (plain JSON data) under `section` and `name`.

    A folder that can't be written is no reason to stop a lesson: then nothing is kept. Raises
    TypeError for a value that is no JSON data.
    """
    _check_names(section=section, name=name)
    try:
        text = json.dumps({**_all(), section: {**read(section), name: value}}, indent=1)
    except (TypeError, ValueError) as error:
        advice = "Convert it first, e.g. float(value)."
        raise bad_type("value", value, "numbers, strings, lists and dicts", advice) from error
    with contextlib.suppress(OSError):
        _put_in_place(text, place())


def _put_in_place(text: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".new")
    os.close(handle)
    new = Path(name)
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _check_names(**names: object) -> None:
    for what, name in names.items():
        if not isinstance(name, str):
            raise bad_type(what, name, "a str", "Pass a short name.")


def _all() -> dict:
    try:
        everything = json.loads(place().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return everything if isinstance(everything, dict) else {}
