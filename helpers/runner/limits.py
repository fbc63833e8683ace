"""What a program may use, and the few things that each system does in its own way.

Linux is tried in full. On macOS an orphan can't be adopted, so one that changes its session is
found by the mark in its environment, and shared memory has no listing, so none is reported. On
Windows everything is in one Job Object, which ends with the guard, and stacks are written by a
timer shortly before the limit. Neither macOS nor Windows could be tried here.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from helpers.validation import number, whole_number

_SHARED = Path("/dev/shm")  # where Linux shows shared memory and semaphores
_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER
_MEGA = 1_000_000
_CLOCKS = 0.1  # seconds by which a file's time may lag behind


def _from_environment() -> float:
    """Tests set it: then a program that hangs costs no more time than it needs to get there."""
    return float(os.environ.get("COURSE_RUN_STILL", "0"))


@dataclass(frozen=True)
class Limits:
    """What a program may use before it is stopped.

    `still` is how long it may be that all of its processes wait without end, as stillness.py says.
    """

    seconds: float = 10.0
    output: int = 1_000_000  # bytes; a pool whose workers fail for ever writes this in seconds
    memory: int = 2_000_000_000  # bytes, of all its processes together
    processes: int = 64  # alive at once
    depth: int = 5  # children of children of children
    starts: int = 1_000  # processes in all, dead ones included
    still: float = field(default_factory=_from_environment)  # seconds, 0 for no such limit

    def check(self) -> Limits:
        """Itself, if a program can run within it; else TypeError or ValueError."""
        number("limit", self.seconds, 0.1, 600, "Pass seconds, e.g. limit=5.")
        whole_number("output", self.output, 1000, 10**9, "Pass bytes, e.g. output=1_000_000.")
        whole_number("memory", self.memory, 10**7, 10**13, "Pass bytes, e.g. memory=10**9.")
        whole_number("processes", self.processes, 1, 10_000, "Pass a number, e.g. processes=64.")
        whole_number("depth", self.depth, 1, 100, "Pass a number, e.g. depth=5.")
        number("still", self.still, 0, 600, "Pass seconds, e.g. still=1, or 0 for no such limit.")
        return self

    def words(self, kind: str) -> str:
        """Why a program was stopped that passed the limit of that kind; "" for no kind."""
        return {
            "": "",
            "time": f"it had not ended after {self.seconds:g} s",
            "output": f"it wrote more than {self.output:,} bytes",
            "memory": f"it used more than {self.memory // _MEGA:,} MB of memory",
            "processes": f"more than {self.processes} of its processes lived at once",
            "depth": f"its children had children, more than {self.depth} deep",
            "starts": f"it started more than {self.starts:,} processes",
            "still": "everybody in it waits, and nobody will come",
            "watcher": "the process that watched it was ended",
            "abandoned": "its report did not come in time, and nobody waits for it any more",
        }[kind]


def usual_processes() -> int:
    """How many processes may live at once: enough for several pools as wide as the machine."""
    return max(64, 4 * (os.cpu_count() or 1))


def adopt_orphans() -> None:
    """Makes this process the parent of every descendant that loses its own (Linux)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)


def short_folder() -> str:
    """A temporary folder with a short path: the fork server's socket path may have 104 letters."""
    if os.name == "posix" and os.access("/tmp", os.W_OK | os.X_OK):
        return "/tmp"
    return tempfile.gettempdir()


def ask_for_stack(pid: int) -> bool:
    """Whether process `pid` was asked to write its stack. Only to be sent to one made ready.

    A thread that runs is asked itself, where that can be done (Linux): if another one wrote the
    stacks meanwhile, they would change under its hands, and it would crash.
    """
    if not hasattr(signal, "SIGUSR1"):
        return False  # its timer does it
    try:
        running = _running_thread(pid)
        if running and ctypes.CDLL(None).tgkill(pid, running, int(signal.SIGUSR1)) == 0:
            return True
        os.kill(pid, signal.SIGUSR1)
    except (OSError, AttributeError):  # gone; or an old C library without tgkill
        return False
    return True


def _running_thread(pid: int) -> int:
    """The id of a thread of that process that runs at this moment; 0 if none does or can be seen"""
    with contextlib.suppress(OSError):  # it has just ended
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError, IndexError):
                if (task / "stat").read_text().rsplit(")", 1)[1].split()[0] == "R":
                    return int(task.name)
    return 0


def code_of_zombie(pid: int) -> int | None:
    """The exit code that a zombie keeps for its parent, where the system shows it (Linux)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
        return os.waitstatus_to_exitcode(int(text.rsplit(maxsplit=1)[1]))
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def shared_left(names: set[str], since: float) -> list[str]:
    """Which of these, "/psm_x" or "/mp-x" say, the system still has, if made since that time.

    `since` is in seconds since 1970: what was there before belongs to somebody else.
    """
    return sorted(name for name in names if any(_is_since(path, since) for path in _paths(name)))


def _is_since(path: Path, since: float) -> bool:
    with contextlib.suppress(OSError):
        return path.stat().st_ctime >= since - _CLOCKS
    return False


def remove_shared(names: list[str]) -> None:
    """Gives back shared memory and semaphores that were left."""
    for name in names:
        for path in _paths(name):
            with contextlib.suppress(OSError):
                path.unlink()


def _paths(name: str) -> list[Path]:
    plain = name.lstrip("/")
    return [_SHARED / plain, _SHARED / f"sem.{plain}"] if _SHARED.is_dir() and plain else []
