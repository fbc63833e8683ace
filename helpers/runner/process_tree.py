"""Processes and their descendants: start them apart, end them all, see what is left.

The order of killing matters: multiprocessing's resource tracker frees semaphores and shared
memory when the last process that used them is gone, so it is left to end by itself.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator

import psutil

from helpers.validation import bad_type, bad_value, number, whole_number

# loky and joblib have one of their own, and would leave semaphores and folders without it.
_TRACKERS = ("multiprocessing.resource_tracker", "loky.backend.resource_tracker")


def apart() -> dict[str, object]:
    """Arguments for `subprocess.Popen` that keep a process out of our group.

    Jupyter's stop button interrupts the kernel's whole process group; what runs apart is ended by
    us, in order, instead.
    """
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def descendants(pid: int) -> list[psutil.Process]:
    """The living processes below `pid`, children first; none if `pid` is gone."""
    _check_pid(pid)
    try:
        return [child for child in psutil.Process(pid).children(recursive=True) if is_alive(child)]
    except psutil.Error:
        return []


def is_alive(process: psutil.Process) -> bool:
    """Whether the process still runs; a zombie does not."""
    _check_process(process)
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def state(pid: int) -> str:
    """The system's word for process `pid`, such as "sleeping"; "gone" if there is none."""
    _check_pid(pid)
    try:
        return psutil.Process(pid).status()
    except psutil.NoSuchProcess:
        return "gone"


def state_after_end(pid: int, *, limit: float = 2.0) -> str:
    """As `state`, for a process that is about to end: "zombie" or "gone", once it has.

    A sentinel is ready when the child's files are closed, a moment before the system has put it
    away; no event tells of that moment, so this looks again and again, `limit` seconds at the most.
    """
    number("limit", limit, 0, 600, "Pass seconds, e.g. limit=2.")
    until = time.monotonic() + limit
    while (now := state(pid)) not in (psutil.STATUS_ZOMBIE, "gone") and time.monotonic() < until:
        time.sleep(0.005)
    return now


def is_tracker(process: psutil.Process) -> bool:
    """Whether it is a resource tracker of multiprocessing, loky or joblib."""
    _check_process(process)
    try:
        return any(name in word for word in process.cmdline() for name in _TRACKERS)
    except psutil.Error:
        return False


def end_tree(pid: int, *, limit: float = 5.0) -> list[int]:
    """Kill process `pid` and all below it; the ids of those that were killed. See `end_all`."""
    advice = "Pass the id of a process that you started."
    if pid in (os.getpid(), os.getppid()):
        raise bad_value("pid", pid, "another process than this one and its parent", advice)
    whole_number("pid", pid, 2, 2**31, advice)
    return end_all(lambda: _tree(pid), limit=limit)


def end_all(look: Callable[[], Iterable[psutil.Process]], *, limit: float = 5.0) -> list[int]:
    """Kill every process that `look()` finds; the ids of those that were killed.

    Trackers are left to end by themselves, so that nothing leaks; one that has not done so half a
    second after the last of the others is killed too. Looks again until nothing is left, since a
    tree can grow while it is felled, `limit` seconds at the most.
    """
    if not callable(look):
        raise bad_type("look", look, "a function that finds processes", "Pass a lambda, say.")
    number("limit", limit, 0, 600, "Pass seconds, e.g. limit=5.")
    killed: dict[int, None] = {}
    seen: dict[int, psutil.Process] = {}
    until, patience = time.monotonic() + limit, 0.5
    while time.monotonic() < until:
        for process in look():
            seen.setdefault(process.pid, process)
        alive = [process for process in seen.values() if is_alive(process)]
        if not alive:
            break
        others = [process for process in alive if not is_tracker(process)]
        if not others:
            patience -= 0.1
        for process in others if others or patience > 0 else alive:
            with contextlib.suppress(psutil.Error):
                process.kill()
                killed[process.pid] = None
        _wait_for_end(alive, limit=0.1)
    return list(killed)


def _wait_for_end(processes: list[psutil.Process], limit: float) -> None:
    """Without psutil's own way: that collects our children's exit codes, which others ask for."""
    until = time.monotonic() + limit
    while any(map(is_alive, processes)) and time.monotonic() < until:
        time.sleep(0.005)


def _check_pid(pid: object) -> None:
    whole_number("pid", pid, 1, 2**31, "Pass a process id.")


def _check_process(process: object) -> None:
    if not isinstance(process, psutil.Process):
        raise bad_type("process", process, "a psutil.Process", "Pass psutil.Process(pid).")


def _tree(pid: int) -> Iterator[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        yield from root.children(recursive=True)
        yield root
