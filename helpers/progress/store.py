"""The learner's own notes: predictions, progress, and what this machine is like, in one small file.

    change: lock -> read -> change one value -> write beside -> put in place -> unlock

The file is `.course/notes.json` in the course's folder, or where COURSE_STATE says. It is written
beside itself and then put in place, so that a crash in the middle of writing loses nothing; and
what two notebooks note at the same time is kept, both.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.validation import bad_type, number

if os.name == "nt":
    fcntl = None
else:
    import fcntl

_PAUSE = 0.005  # seconds between two tries: no system tells when a file's lock is free, and limits


@contextlib.contextmanager
def alone(path: Path, patience: float = 5.0) -> Iterator[bool]:
    """Inside, whoever else asks for the same path waits; yields whether the lock was to be had.

    After `patience` seconds this goes on without it, and so it does where the file can't be made
    or locked: who holds it may have been stopped for good.
    """
    if not isinstance(path, Path):
        raise bad_type("path", path, "the Path of a file", "Pass Path('notes.lock').")
    number("patience", patience, 0, 600, "Pass seconds, e.g. 5.")
    handle = _held(path, time.monotonic() + patience)
    try:
        yield handle is not None
    finally:
        if handle is not None:
            _give_back(path, handle)


def _held(path: Path, end: float) -> int | None:
    while True:
        try:
            return _taken(path)
        except (BlockingIOError, FileExistsError):
            if time.monotonic() > end:
                return None
            time.sleep(_PAUSE)
        except OSError:  # no folder, no right to write there, or a file system without locks
            return None


def _taken(path: Path) -> int:
    """A handle that holds the lock; BlockingIOError or FileExistsError while another one does."""
    if fcntl is None:
        return _taken_on_windows(path)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Its last holder may have removed the file between our two steps: then we hold nothing.
        if not _is_at(path, handle):
            raise BlockingIOError
    except BaseException:
        os.close(handle)
        raise
    return handle


def _is_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _taken_on_windows(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_TEMPORARY)
    except PermissionError:  # it is there, and about to be deleted; or the folder is not ours
        if path.parent.is_dir() and os.access(path.parent, os.W_OK):
            raise BlockingIOError from None
        raise


def _give_back(path: Path, handle: int) -> None:
    if fcntl is not None:
        with contextlib.suppress(OSError):
            path.unlink()  # while it is held, so that nobody else's is removed
        fcntl.flock(handle, fcntl.LOCK_UN)  # a forked child may have this handle, too
    os.close(handle)


_ROOT = Path(__file__).parents[2]
_NEW = ".new"


def place() -> Path:
    """Where the notes are kept."""
    return Path(os.environ.get("COURSE_STATE") or _ROOT / ".course" / "notes.json")


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
