"""One process at a time: a lock between programs that were started apart, such as two kernels.

A file that exists while somebody holds the lock. The system gives the lock back when its holder
dies, however it dies. On Windows, which has not been tried, the file goes with its holder.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
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
