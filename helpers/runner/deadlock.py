"""Whether processes can still go on by themselves, or wait for ever: as Linux shows it.

The system tells in which call each thread waits, and whether that wait has an end. When every
thread of a tree waits without end, and none has moved from one look to the next, then nobody in
the tree will ever go on: that is no matter of time, on a slow machine neither. Other systems don't
tell, nor does Linux for processes that may not be traced.
"""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterable
from pathlib import Path

import psutil

_PROC = Path("/proc")
_PRIVATE = 0x80  # in the second argument of futex: a lock of threads, not one of processes
_FOR_EVER = 0xFFFFFFFF  # minus one, as the system shows a number of 32 bits

# The calls in which a thread may wait: the number of each, and which of its arguments says for how
# long. Of some that is a pointer, which is zero for ever, of others a number of milliseconds.
_ENDLESS = {
    "x86_64": {0, 1, 19, 20, 34, 43, 44, 45, 46, 47, 61, 130, 247, 288},
    "aarch64": {63, 64, 65, 66, 95, 133, 202, 206, 207, 211, 212, 242, 260},
}
_POINTER = {
    "x86_64": {23: 4, 128: 2, 202: 3, 270: 4, 271: 2, 441: 3},
    "aarch64": {72: 4, 73: 2, 98: 3, 137: 2, 441: 3},
}
_NUMBER = {"x86_64": {7: 2, 232: 3, 281: 3}, "aarch64": {22: 3}}
_FUTEX = {"x86_64": 202, "aarch64": 98}
_OUTSIDE = {"anon_inode:[timerfd]", "anon_inode:inotify"}  # what watches a clock, or files
_MACHINE = platform.machine()

Look = dict[tuple[int, int], int]


def can_be_seen(pid: int) -> bool:
    """Whether the system tells in which calls the threads of that process wait."""
    return _MACHINE in _ENDLESS and _call(_PROC / str(pid) / "task" / str(pid)) is not None


def look_at(pids: Iterable[int]) -> Look | None:
    """How often each thread of these processes has stopped, all of which wait for ever.

    None if one of them may go on. Two looks that are the same prove that nobody moved in between.
    """
    found: Look = {}
    for pid in pids:
        threads = _threads(pid)
        for thread in threads:
            call = _call(thread)
            if not call or not _waits_for_ever(call):
                return None
            found[pid, int(thread.name)] = _switches(thread)
        if not threads:
            return None  # it has just ended: somebody may have waited for that
    return found


def waits_for_threads_lock(pid: int) -> bool:
    """Whether the main thread of `pid` waits for ever for a lock of threads."""
    call = _call(_PROC / str(pid) / "task" / str(pid))
    if not call:
        return False
    return call[0] == _FUTEX.get(_MACHINE) and _waits_for_ever(call) and bool(call[2] & _PRIVATE)


def may_be_woken(pids: Iterable[int]) -> bool:
    """Whether something from outside could let them go on: the network, a file, a clock."""
    for pid in pids:
        if _OUTSIDE & _open_things(pid):
            return True
        with contextlib.suppress(psutil.Error, OSError):
            process = psutil.Process(pid)
            ask = getattr(process, "net_connections", None) or process.connections
            if ask(kind="inet"):
                return True
    return False


def _threads(pid: int) -> list[Path]:
    with contextlib.suppress(OSError):  # it has just ended
        return [path for path in (_PROC / str(pid) / "task").iterdir() if path.name.isdigit()]
    return []


def _open_things(pid: int) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):  # it has just ended
        for path in (_PROC / str(pid) / "fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(str(path.readlink()))
    return found


def _call(thread: Path) -> list[int] | None:
    """The call in which a thread waits, with its arguments; empty if it runs; None if unknown."""
    try:
        words = (thread / "syscall").read_text().split()
    except OSError:
        return None
    if len(words) < 7:  # it runs, or waits for the system itself
        return []
    return [int(word, 0) for word in words[:7]]


def _waits_for_ever(call: list[int]) -> bool:
    number = call[0]
    if number in _ENDLESS[_MACHINE]:
        return True
    if number in _POINTER[_MACHINE]:
        return call[1 + _POINTER[_MACHINE][number]] == 0
    if number in _NUMBER[_MACHINE]:
        return call[1 + _NUMBER[_MACHINE][number]] & _FOR_EVER == _FOR_EVER
    return False


def _switches(thread: Path) -> int:
    """How often the thread has given up its core, of its own will or not."""
    with contextlib.suppress(OSError):
        lines = (thread / "status").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if "ctxt_switches" in line)
    return -1
