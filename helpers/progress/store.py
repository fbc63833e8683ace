"""The learner's notes: predictions, progress and what this machine is like, in one small file.

    change: lock -> read -> change one value -> write a new file -> put it in place -> unlock
    read:           read

The notes are in the file that COURSE_STATE names; a relative path starts in the course's folder, as
each kernel runs in the folder of its notebook. Otherwise they are in `.course/notes.json` in the
course's folder, and for an installed package, which has no such folder, in a folder of the user.

A new version is written to a file of its own and then renamed, so a crash while it is written loses
nothing, and a reader sees the old notes or the new ones and needs no lock. The lock makes sure that
two notebooks that change the notes at the same time don't undo each other's changes.

The module itself needs only the standard library, so that `course.py progress` can read the notes
before anything is installed. Only a change needs the package filelock.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.files import (
    FILE_MODE,
    free_name,
    keep_as,
    make_folder,
    put_in_place,
    reason,
    staged,
    unfinished_versions,
)
from helpers.files import read as read_file
from helpers.validation import bad_type

LOCK_PATIENCE = 10.0  # seconds; a change takes milliseconds, unless its program was stopped
_LOCK_INTERVAL = (
    0.01  # seconds between two attempts: a wait for a file's lock has no time limit of its own
)
_ROOT = Path(__file__).parents[2]
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
_NO_LOCKS = (errno.ENOLCK, getattr(errno, "EOPNOTSUPP", errno.ENOLCK))  # some network drives
_BLANK = b"\xef\xbb\xbf \t\r\n"  # a byte-order mark and white space
_warned: set[str] = set()  # what the learner was told already, in this process


class _NotKeptError(Exception):
    """Why a change was not kept, in words for the learner."""


def notes_file() -> Path:
    """Return the path of the file in which the notes are kept."""
    is_course = (_ROOT / "course.py").is_file()
    if chosen := os.environ.get("COURSE_STATE"):
        path = Path(os.path.expanduser(chosen))  # noqa: PTH111 (the other one raises without a home)
        return _ROOT / path if is_course else path
    if is_course:
        return _ROOT / ".course" / "notes.json"
    return _user_folder() / "multiprocessing-course" / "notes.json"


def _user_folder() -> Path:
    """Return the folder in which programs keep what belongs to this user, by each system's rule."""
    home = Path.home()
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    return Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state")


def read(section: str) -> dict:
    """Return one section of the notes; {} if there is none yet or it can't be read.

    If the file is there and can't be read, a warning is printed, once. Notes that are no longer
    valid are kept under another name, as in `change`, and a warning says so.
    """
    _check_names(section=section)
    path = notes_file()
    try:
        notes = _load(path)
    except OSError as error:
        _warn_once(_cannot_read(path, error))
        return {}
    if not _is_valid(notes, section):
        _start_new_notes(Path(os.path.realpath(path)), section)
    return _table((notes or {}).get(section))


def _is_valid(notes: dict | None, section: str) -> bool:
    return notes is not None and isinstance(notes.get(section, {}), dict)


def _start_new_notes(path: Path, section: str) -> None:
    """Put notes aside that are no longer valid, and begin new ones with what can be read."""
    try:
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(ImportError):
                import filelock  # noqa: F401 - before anything is installed, do without the lock

                stack.enter_context(_locked(path))
            notes = _load(path)
            if _is_valid(notes, section):
                return  # another program was quicker
            kept = {name: one for name, one in (notes or {}).items() if name != section}
            with staged(path, json.dumps(kept, indent=1)) as new:
                _replace_broken(path, new)
    except (_NotKeptError, OSError):
        _warn_once(
            f"Your notes, {path}, can't be read: the file is no longer valid JSON. Repair it."
        )


def _replace_broken(path: Path, new: Path) -> None:
    aside = free_name(path, "broken")
    keep_as(path, aside)
    put_in_place(new, path)
    _warn(
        f"Your notes, {path}, were no longer valid. They are kept as {aside.name}, and new notes"
        " begin with what could be read. To have the old ones back, repair that file and rename it"
        f" to {path.name}."
    )


def keep(section: str, name: str, value: object) -> bool:
    """Note `value` (plain JSON data) under `section` and `name`; return whether it was kept.

    A folder that can't be written is no reason to stop a lesson: then nothing is kept, and a
    warning says so, once. Raise TypeError for a value that is not JSON data.
    """
    return change(section, name, lambda _: value)


def change(section: str, name: str, changed: Callable[[object], object]) -> bool:
    """Note `changed(old value)` in place of the old value, which is None if there is none.

    No other process can write from the reading to the writing. Return whether the change was kept.
    It is not kept if the folder can't be written or the disk is full; a warning says so, once. If
    another program holds the lock for LOCK_PATIENCE seconds, it is not kept either, and a warning
    is printed: writing without the lock could undo what the other program notes. Notes that are no
    longer valid are kept under another name, and a warning says so. Raise TypeError for a result
    that is not JSON data.
    """
    _check_names(section=section, name=name)
    if not callable(changed):
        raise bad_type("changed", changed, "a function of the old value", "Use keep for a value.")
    path = Path(os.path.realpath(notes_file()))  # a symbolic link stays one
    try:
        make_folder(path.parent)
        with _locked(path):
            _change_locked(path, section, name, changed)
    except _NotKeptError as error:
        _warn(str(error))
        return False
    except OSError as error:
        _warn_once(_cannot_write(path, error))
        return False
    return True


def why_not_kept(path: Path) -> str:
    """Return, in words, why notes in that file can't be kept; "" if they can be."""
    path = Path(os.path.realpath(path))
    folder = next((one for one in path.parents if one.exists()), path.parent)
    if path.is_dir() or not folder.is_dir():
        error = errno.EISDIR if path.is_dir() else errno.ENOTDIR
    elif _is_special(path):
        error = errno.EINVAL
    elif not os.access(folder, os.W_OK | os.X_OK):
        error = errno.EACCES
    else:
        return ""
    return _cannot_write(path, OSError(error, os.strerror(error)))


def _change_locked(
    path: Path, section: str, name: str, changed: Callable[[object], object]
) -> None:
    notes = _load(path)
    kept = {} if notes is None else notes
    section_now = dict(_table(kept.get(section)))
    old = section_now.get(name)
    section_now[name] = _plain(changed(old))
    valid = notes is not None and _same_kind(kept.get(section), section_now)
    text = json.dumps({**kept, section: section_now}, indent=1)
    for left in unfinished_versions(path):  # they were killed: the lock is ours
        left.unlink(missing_ok=True)
    with staged(path, text) as new:
        if valid and _same_kind(old, section_now[name]):
            put_in_place(new, path)
            return
        _replace_broken(path, new)


def _same_kind(old: object, new: object) -> bool:
    """Return False if `new` replaces something of another kind: a table where a list was, say.

    Notes like that were edited by hand or come from another version of the course.
    """
    if old is None or new is None:
        return True
    if isinstance(old, dict) and isinstance(new, dict):
        return all(_same_kind(old[key], new[key]) for key in old.keys() & new.keys())
    both = (old, new)
    return any(all(isinstance(one, kind) for one in both) for kind in (str, list, int | float))


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of the notes inside the `with`; the system frees it if this process dies.

    Raise _NotKeptError if the lock can't be had, and OSError where its file can't be made.
    """
    try:
        from filelock import FileLock, Timeout  # not at the top: a reader must do without it
    except ImportError:
        raise _NotKeptError(
            "Your progress and predictions are not kept: the package filelock is missing."
            " Install it (pip install filelock), or start the course with course.py."
        ) from None
    lock = FileLock(path.with_name(f"{path.name}.lock"), mode=FILE_MODE)
    try:
        lock.acquire(timeout=LOCK_PATIENCE, poll_interval=_LOCK_INTERVAL)
    except Timeout:
        raise _NotKeptError(
            f"This was not noted: another program has held {lock.lock_file} for"
            f" {LOCK_PATIENCE:g} s. Close it, or restart its kernel, and run this cell again."
        ) from None
    except (NotImplementedError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_LOCKS:
            raise
        raise _NotKeptError(
            f"Your progress and predictions are not kept: files in {path.parent} can't be locked."
            " Set COURSE_STATE to a file on a local disk."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _is_special(path: Path) -> bool:
    """Return whether the path is something other than a file or a folder, such as a pipe."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _cannot_read(path: Path, error: OSError) -> str:
    if path.is_dir() or _is_special(path):
        what = "a folder" if path.is_dir() else "not a regular file"
        return (
            f"Your notes can't be read: {path} is {what}. Rename it, or set COURSE_STATE to a file."
        )
    return f"Your notes, {path}, can't be read: {reason(error)}. Make the file readable again."


def _cannot_write(path: Path, error: OSError) -> str:
    start = "Your progress and predictions are not kept:"
    if path.is_dir() or _is_special(path):
        what = "a folder" if path.is_dir() else "not a regular file"
        return f"{start} {path} is {what}. Rename it, or set COURSE_STATE to a file."
    blocker = next((one for one in path.parents if one.exists() and not one.is_dir()), None)
    if blocker:
        return (
            f"{start} {blocker} is a file, not a folder. Rename it, or set COURSE_STATE to a file."
        )
    what = "Make room on the disk" if error.errno in _FULL else f"Make {path.parent} writable"
    return (
        f"{start} {path} can't be written: {reason(error)}. What it held is unchanged. {what}, or"
        " set COURSE_STATE to a file that you can write."
    )


def _warn(text: str) -> None:
    print(text, file=sys.stderr)


def _warn_once(text: str) -> None:
    if text not in _warned:
        _warned.add(text)
        _warn(text)


def _plain(value: object) -> object:
    """Return the value as it is, if it is JSON data; else raise TypeError."""
    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError) as error:
        advice = "Convert it first, e.g. float(value)."
        raise bad_type("value", value, "numbers, strings, lists and dicts", advice) from error
    return value


def _check_names(**names: object) -> None:
    for what, name in names.items():
        if not isinstance(name, str):
            raise bad_type(what, name, "a str", "Pass a short name.")


def _load(path: Path) -> dict | None:
    """Return all notes; {} if the file is missing or empty, None if what it holds is not notes.

    Raise OSError if the file is there and can't be read: then it must not be replaced.
    """
    try:
        data = read_file(path)
        # From bytes, json finds out the encoding: editors on Windows may write a byte-order mark,
        # or UTF-16.
        notes = json.loads(data) if data.strip(_BLANK) else {}
        json.dumps(notes, indent=1)  # what is nested too deeply can be read, and not written
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (ValueError, RecursionError):
        return None
    return notes if isinstance(notes, dict) else None


def _table(value: object) -> dict:
    return value if isinstance(value, dict) else {}
