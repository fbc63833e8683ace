"""What differs between operating systems: stacks, exit codes, shared memory.

    Linux    everything below works; we tried all of it.
    macOS    shared memory can't be listed, so none is reported.
    Windows  a Job Object (`process_control.use_job_object`) ends the tree with the supervisor.
             There are no signals: a timer in each process writes its stack shortly before the
             limit.

Neither macOS nor Windows could be tried here.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import tempfile
from pathlib import Path

_SHARED = Path("/dev/shm")  # where Linux shows shared memory and semaphores
_CLOCK_ERROR = 0.1  # seconds by which a file's time may be behind the clock


def short_folder() -> str:
    """Return the folder for temporary files, with a short path where possible.

    The fork server's socket lies in it, and the path of a socket may have only 104 characters.
    """
    if os.name == "posix" and os.access("/tmp", os.W_OK | os.X_OK):
        return "/tmp"
    return tempfile.gettempdir()


def ask_for_stack(pid: int) -> bool:
    """Ask process `pid` to write its stacks; return whether it was asked.

    Call this only for a process that has registered a handler: SIGUSR1 kills any other process.

    On Linux the signal goes to a thread that is running now, if there is one. The handler runs in
    the thread that gets the signal and reads the frames of all threads. If an idle thread did so
    while another one runs, those frames would change while they are read, which crashes Python.
    """
    if not hasattr(signal, "SIGUSR1"):
        return False  # Windows: the process's own timer does it
    try:
        running = _running_thread(pid)
        if running and ctypes.CDLL(None).tgkill(pid, running, int(signal.SIGUSR1)) == 0:
            return True
        os.kill(pid, signal.SIGUSR1)
    except (OSError, AttributeError):  # gone; or an old C library without tgkill
        return False
    return True


def _running_thread(pid: int) -> int:
    """Return the id of a thread of process `pid` that is running now, 0 if there is none."""
    with contextlib.suppress(OSError):  # it has just ended
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError, IndexError):
                if (task / "stat").read_text().rsplit(")", 1)[1].split()[0] == "R":
                    return int(task.name)
    return 0


def code_of_zombie(pid: int) -> int | None:
    """Return the exit code that zombie `pid` keeps for its parent; None if it can't be read."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
        return os.waitstatus_to_exitcode(int(text.rsplit(maxsplit=1)[1]))
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def shared_left(names: set[str], since: float) -> list[str]:
    """Return which of the `names` exist as shared memory or semaphores made after `since`.

    A name is such as "/psm_x" or "/mp-x". `since` is in seconds since 1970. Anything older with the
    same name belongs to another program.
    """
    return sorted(
        name for name in names if any(_was_made_since(path, since) for path in _paths(name))
    )


def _was_made_since(path: Path, since: float) -> bool:
    with contextlib.suppress(OSError):
        return path.stat().st_ctime >= since - _CLOCK_ERROR
    return False


def remove_shared(names: list[str]) -> None:
    """Remove shared memory and semaphores; ignore those that are gone."""
    for name in names:
        for path in _paths(name):
            with contextlib.suppress(OSError):
                path.unlink()


def _paths(name: str) -> list[Path]:
    """Return the paths that shared memory and a semaphore of that name would have."""
    plain = name.lstrip("/")
    return [_SHARED / plain, _SHARED / f"sem.{plain}"] if _SHARED.is_dir() and plain else []
