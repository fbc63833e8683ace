"""The learner's own notes: predictions, progress, and what this machine is like, in one small file.

    change: lock -> read -> change one value -> write beside -> put in place -> unlock

The file is the one that COURSE_STATE names, else `.course/notes.json` in the course's folder, else,
where the package was installed without that folder, one in the user's own. It is written beside
itself and then put in place, so that a crash in the middle of writing loses nothing; and
what two notebooks note at the same time is kept, both.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from helpers.alone import alone
from helpers.refusals import bad_type

_ROOT = Path(__file__).parent.parent
_NEW = ".new"


def place() -> Path:
    """Return the file in which the notes are kept."""
    if chosen := os.environ.get("COURSE_STATE"):
        return Path(chosen)
    if (_ROOT / "course.py").is_file():
        return _ROOT / ".course" / "notes.json"
    return _folder_of_the_user() / "multiprocessing-course" / "notes.json"


def _folder_of_the_user() -> Path:
    """Return the folder in which programs keep what belongs to this user, by each system's rule."""
    home = Path.home()
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    return Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state")


def read(section: str) -> dict:
    """One section of the notes, by name; empty if there is none yet or it can't be read."""
    _check_names(section=section)
    try:
        return _table(_all().get(section))
    except OSError:
        return {}


def keep(section: str, name: str, value: object) -> bool:
    """Note `value` (plain JSON data) under `section` and `name`; whether that was possible.

    A folder that can't be written is no reason to stop a lesson: then nothing is kept. Raises
    TypeError for a value that is no JSON data.
    """
    return change(section, name, lambda _: value)


def change(section: str, name: str, changed: Callable[[object], object]) -> bool:
    """Note `changed(value)` in place of the value there, None if none; whether it was possible.

    From the reading to the writing no other process can write. Raises TypeError for a result that
    is no JSON data.
    """
    _check_names(section=section, name=name)
    if not callable(changed):
        raise bad_type("changed", changed, "a function of the old value", "Use keep for a value.")
    path = place()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone(path.with_name(f"{path.name}.lock")):
            everything = _all()
            section_now = _table(everything.get(section))
            section_now[name] = _plain(changed(section_now.get(name)))
            _put_in_place(json.dumps({**everything, section: section_now}, indent=1), path)
    except OSError:
        return False
    return True


def _plain(value: object) -> object:
    """The value as it is, if it is JSON data."""
    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError) as error:
        advice = "Convert it first, e.g. float(value)."
        raise bad_type("value", value, "numbers, strings, lists and dicts", advice) from error
    return value


def _put_in_place(text: str, path: Path) -> None:
    for left in path.parent.glob(f"{path.name}.*{_NEW}"):  # by a writer that was killed
        left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=_NEW)
    os.close(handle)
    new = Path(name)
    try:
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # or a power cut can leave the new name with nothing in it
        _replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def _replace(new: Path, path: Path) -> None:
    """Put the new file in place; on Windows, wait while somebody reads the old one."""
    for _ in range(50 if os.name == "nt" else 0):
        with contextlib.suppress(PermissionError):
            new.replace(path)
            return
        time.sleep(0.01)
    new.replace(path)


def _check_names(**names: object) -> None:
    for what, name in names.items():
        if not isinstance(name, str):
            raise bad_type(what, name, "a str", "Pass a short name.")


def _all() -> dict:
    """Everything; empty where there is nothing, or what is there is broken.

    OSError where the file is there and can't be read: then it must not be written anew.
    """
    try:
        return _table(json.loads(place().read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return {}


def _table(value: object) -> dict:
    return value if isinstance(value, dict) else {}
