"""Detection of deadlocks: whether every thread of some processes is blocked forever (Linux).

A thread waits in a system call. /proc/PID/task/TID/syscall shows the call and its arguments, and
the arguments tell whether the wait has a timeout. /proc/PID/task/TID/status counts the thread's
context switches. A thread that runs and then waits again leaves its core, which is a context
switch. So an unchanged count means that the thread has not run.

    look 1                          look 2, later                   so
    every thread waits, no timeout  the same, counts unchanged      blocked in between: a deadlock
    every thread waits, no timeout  a count has changed             something moved; look again
    a thread runs, or has a timeout                                 it may go on; look again

Why the second look proves a deadlock: a blocked thread goes on only if another thread of the tree
wakes it, or something outside the tree does. Between the looks all threads of the tree were
blocked, so none of them could wake another, and that stays so, however slow the machine is.
`may_be_woken` asks whether something outside the tree could: a network connection, a clock, a file.
A duration alone, such as "no output for 5 s", would prove nothing.

Other systems don't show these facts, and Linux does not show them for a process that we may not
trace. https://docs.kernel.org/filesystems/proc.html describes the files, and the tables of system
calls are in the kernel's source: arch/x86/entry/syscalls/syscall_64.tbl for x86_64 and
include/uapi/asm-generic/unistd.h for aarch64.
"""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterable
from pathlib import Path

import psutil

_PROC = Path("/proc")
_PRIVATE = 0x80  # FUTEX_PRIVATE_FLAG, in the second argument of futex: a lock between threads
_NO_TIMEOUT = 0xFFFFFFFF  # -1 as an unsigned number of 32 bits

# Numbers of the system calls in which a thread may wait, by processor. A call of the first table
# has no timeout. A call of the other two has one, in the argument with the given index: a pointer,
# where NULL means no timeout, or a number of milliseconds, where -1 means no timeout.
_CALLS_WITHOUT_TIMEOUT = {
    # read, write, readv, writev, pause, accept, sendto, recvfrom, sendmsg, recvmsg, wait4,
    # rt_sigsuspend, waitid, accept4
    "x86_64": {0, 1, 19, 20, 34, 43, 44, 45, 46, 47, 61, 130, 247, 288},
    # read, write, readv, writev, waitid, rt_sigsuspend, accept, sendto, recvfrom, sendmsg, recvmsg,
    # accept4, wait4
    "aarch64": {63, 64, 65, 66, 95, 133, 202, 206, 207, 211, 212, 242, 260},
}
_TIMEOUT_POINTERS = {
    # select, rt_sigtimedwait, futex, pselect6, ppoll, epoll_pwait2
    "x86_64": {23: 4, 128: 2, 202: 3, 270: 4, 271: 2, 441: 3},
    # pselect6, ppoll, futex, rt_sigtimedwait, epoll_pwait2
    "aarch64": {72: 4, 73: 2, 98: 3, 137: 2, 441: 3},
}
# poll, epoll_wait, epoll_pwait; epoll_pwait
_TIMEOUT_NUMBERS = {"x86_64": {7: 2, 232: 3, 281: 3}, "aarch64": {22: 3}}
_FUTEX = {"x86_64": 202, "aarch64": 98}
_WAKING_FILES = {"anon_inode:[timerfd]", "anon_inode:inotify"}  # a clock and changes to files
_MACHINE = platform.machine()

Look = dict[tuple[int, int], int]  # (process id, thread id) -> how often it left its core


def can_be_seen(pid: int) -> bool:
    """Return whether the system shows in which calls the threads of `pid` wait."""
    return (
        _MACHINE in _CALLS_WITHOUT_TIMEOUT
        and _call(_PROC / str(pid) / "task" / str(pid)) is not None
    )


def look_at(pids: Iterable[int]) -> Look | None:
    """Return a Look at all threads of these processes; None if a thread may go on by itself.

    Two equal Looks prove that no thread ran in between.
    """
    found: Look = {}
    for pid in pids:
        threads = _threads(pid)
        for thread in threads:
            call = _call(thread)
            if not call or not _waits_without_timeout(call):
                return None
            found[pid, int(thread.name)] = _context_switches(thread)
        if not threads:
            return None  # it has just ended, which may wake a process that waited for it
    return found


def blocked_for_good(thread: Path) -> int | None:
    """Return a look at one thread, a folder of /proc, that waits without a timeout.

    Return None if it may go on by itself, and where that can't be seen. Two equal looks prove that
    the thread did not run in between.
    """
    call = _call(thread) if _MACHINE in _CALLS_WITHOUT_TIMEOUT else None
    return _context_switches(thread) if call and _waits_without_timeout(call) else None


def waits_for_threads_lock(pid: int) -> bool:
    """Return whether the main thread of `pid` waits forever for a lock between threads."""
    call = _call(_PROC / str(pid) / "task" / str(pid))
    if not call:
        return False
    return (
        call[0] == _FUTEX.get(_MACHINE)
        and _waits_without_timeout(call)
        and bool(call[2] & _PRIVATE)
    )


def may_be_woken(pids: Iterable[int]) -> bool:
    """Return whether something outside the tree could wake these processes.

    It could if one of them has a network connection, waits for a clock or watches files.
    """
    for pid in pids:
        if _WAKING_FILES & _open_files(pid):
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


def _open_files(pid: int) -> set[str]:
    """Return what the file descriptors of `pid` refer to, as /proc names it."""
    found = set()
    with contextlib.suppress(OSError):  # it has just ended
        for path in (_PROC / str(pid) / "fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(str(path.readlink()))
    return found


def _call(thread: Path) -> list[int] | None:
    """Return the number and arguments of a thread's system call; [] if it runs; None if unknown."""
    try:
        words = (thread / "syscall").read_text().split()
    except OSError:
        return None
    if len(words) < 7:  # "running", or blocked outside of a system call
        return []
    return [int(word, 0) for word in words[:7]]


def _waits_without_timeout(call: list[int]) -> bool:
    number = call[0]
    if number in _CALLS_WITHOUT_TIMEOUT[_MACHINE]:
        return True
    if number in _TIMEOUT_POINTERS[_MACHINE]:
        return call[1 + _TIMEOUT_POINTERS[_MACHINE][number]] == 0
    if number in _TIMEOUT_NUMBERS[_MACHINE]:
        return call[1 + _TIMEOUT_NUMBERS[_MACHINE][number]] & _NO_TIMEOUT == _NO_TIMEOUT
    return False


def _context_switches(thread: Path) -> int:
    """Return how often the thread has left its core, voluntarily or not; -1 if it is gone."""
    with contextlib.suppress(OSError):
        lines = (thread / "status").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if "ctxt_switches" in line)
    return -1
