"""Write the learner's files so that neither a crash, a full disk nor another user can spoil them.

    write(path, text)      a new file beside the old one -> on the disk -> renamed to its place
    put_aside(path)        work_01.py -> work_01.mine-1.py

A reader sees the old file or the new one, whole. If the disk is full, the old one stays. What is
new is for this user alone, whatever the umask is: the notes say what a learner got wrong.

Standard library only: `course.py` uses this before anything is installed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

STALE = 60  # seconds after which a file that was being written belongs to a writer that was killed
NEW = ".new"  # the end of the name of a file that is being written
FILE_MODE, FOLDER_MODE = 0o600, 0o700  # for this user alone
OTHERS_WRITE = 0o022
_MOST_VERSIONS = 10_000
_SHOWN = 40  # characters of a file's name in the name of its new version: a name has a limit
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP)  # a file system that can't be told to write to the disk
_RENAMES = 50 if os.name == "nt" else 1  # on Windows a program may be reading the old file


def write(path: Path, content: str | bytes) -> None:
    """Write the content to `path`: all of it, or raise OSError and leave what was there.

    If the path is a symbolic link, it stays one: its target is written.
    """
    path = Path(os.path.realpath(path))
    make_folder(path.parent)
    with staged(path, content) as new:
        put_in_place(new, path)


@contextlib.contextmanager
def staged(path: Path, content: str | bytes | Path) -> Iterator[Path]:
    """Yield the new version of `path`, written beside it; remove it at the end if it is there."""
    new = stage(path, content)
    try:
        yield new
    finally:
        new.unlink(missing_ok=True)


def stage(path: Path, content: str | bytes | Path) -> Path:
    """Write the content (a Path: that file's) beside `path`, and return the new file.

    It gets the mode of the file that it is going to replace, except that others can't write it.
    """
    new = path.with_name(f"{_start(path)}{os.getpid()}-{os.urandom(4).hex()}{NEW}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(new, flags, FILE_MODE)
    except OSError as error:
        error.filename = str(path)  # the name that the learner knows
        raise
    try:
        _set_mode(new, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            if isinstance(content, Path):
                with content.open("rb") as old:
                    shutil.copyfileobj(old, file)
            else:
                file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            _to_the_disk(file.fileno())
        _take_mode(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return new


def put_in_place(new: Path, path: Path) -> None:
    """Rename the new file to `path`; on Windows, wait while another program reads the old one."""
    for left in reversed(range(_RENAMES)):
        try:
            new.replace(path)
            return
        except PermissionError as error:
            if not left:
                error.filename = str(path)  # the name that the learner knows
                raise
        time.sleep(0.01)


def unfinished_versions(path: Path) -> Iterator[Path]:
    """Yield the new versions of `path` that a writer is writing, or was when it was killed."""
    start = _start(path)
    with contextlib.suppress(OSError):
        for other in path.parent.iterdir():
            if other.name.startswith(start) and other.name.endswith(NEW):
                yield other


def make_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, for this user alone."""
    if not path.parent.exists():
        make_folder(path.parent)
    try:
        path.mkdir(mode=FOLDER_MODE)
        _set_mode(path, FOLDER_MODE)
    except FileExistsError:
        if not path.is_dir():
            words = f"{path} is a file and must be a folder: rename it, then try again"
            raise FileExistsError(errno.EEXIST, words) from None
    except OSError:  # the file system is read-only, say
        if not path.is_dir():
            raise


def read(path: Path) -> bytes:
    """Return what a file holds; raise OSError, and don't wait, if it is a pipe, say."""
    kind = path.stat().st_mode
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    return path.read_bytes()


def abandoned_versions(folder: Path) -> Iterator[Path]:
    """Yield the new versions in this folder whose writers have been killed."""
    for path in folder.glob(f".*{NEW}"):
        with contextlib.suppress(OSError):
            found = re.search(rf"\.(\d+)-[0-9a-f]+{re.escape(NEW)}$", path.name)
            old = abs(time.time() - path.stat().st_mtime) > STALE  # or the clock was set back
            if found and (old or not _is_alive(int(found[1]))):
                yield path


def _is_alive(pid: int) -> bool:
    """Return whether such a process may live; True on Windows, where asking would kill it."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def put_aside(file: Path, label: str = "mine") -> Path | None:
    """Rename `work_01.py` to `work_01.mine-1.py`, or the next free number, and return the new path.

    Return None if there is no such file. Raise OSError if it can't be renamed.
    """
    if not file.exists():
        return None
    return file.rename(free_name(file, label))


def free_name(file: Path, label: str = "mine") -> Path:
    """Return the first name beside `file` under which no earlier version was kept."""
    names = (
        file.with_suffix(f".{label}-{number}{file.suffix}") for number in range(1, _MOST_VERSIONS)
    )
    return next(name for name in names if not os.path.lexists(name))


def keep_as(path: Path, aside: Path) -> None:
    """Give what is at `path` a second name, so that the first one can get a new content.

    A folder is renamed. Raise FileExistsError if the second name is taken.
    """
    make_folder(aside.parent)
    if os.path.lexists(aside):
        words = f"{aside} is there already: rename it, then try again"
        raise FileExistsError(errno.EEXIST, words)
    if path.is_dir():
        shutil.move(path, aside)
        return
    if not path.is_symlink():  # the second name of a link would lead nowhere from another folder
        with contextlib.suppress(OSError, AttributeError, NotImplementedError):
            os.link(path, aside)
            return
    with staged(aside, path) as copy:  # another file system, or one without hard links
        put_in_place(copy, aside)


def move(path: Path, aside: Path) -> None:
    """Move a file or folder to another name, which may be on another file system."""
    keep_as(path, aside)
    if os.path.lexists(path):
        path.unlink()


def reason(error: OSError) -> str:
    """Return why a file can't be read or written, in words."""
    return error.strerror or str(error)


def _start(path: Path) -> str:
    """Return how the names of new versions of `path` begin."""
    return f".{path.name[:_SHOWN]}."


def _to_the_disk(descriptor: int) -> None:
    """Wait until it is on the disk: a power cut could leave the new name with nothing in it."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def _set_mode(path: Path, mode: int) -> None:
    """Give its owner access, whatever the umask is."""
    if os.name != "nt" and stat.S_IMODE(path.stat().st_mode) != mode:
        with contextlib.suppress(OSError):  # a file system without modes
            path.chmod(mode)


def _take_mode(new: Path, old: Path) -> None:
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        new.chmod(stat.S_IMODE(old.stat().st_mode) & ~OTHERS_WRITE)
