"""The states of a process and of its descendants, as the system shows them through psutil."""

from __future__ import annotations

import os
import time

import psutil

from helpers import process_control
from helpers.validation import bad_type, bad_value, number, whole_number


def descendants(pid: int) -> list[psutil.Process]:
    """Return the living processes below `pid`, children first; [] if `pid` is gone.

    Raises TypeError or ValueError for what can't be a process id.
    """
    _check_pid(pid)
    try:
        return [child for child in psutil.Process(pid).children(recursive=True) if is_alive(child)]
    except psutil.Error:
        return []


def is_alive(process: psutil.Process) -> bool:
    """Return whether the process still runs; a zombie does not.

    Another process that has got its id since does not count.
    """
    _check_process(process)
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def state(pid: int) -> str:
    """Return the state of process `pid`, such as "sleeping" or "zombie"; "gone" if there is none.

    The words are psutil's: https://psutil.readthedocs.io/en/latest/#process-status-constants.
    Raises TypeError or ValueError for what can't be a process id.
    """
    _check_pid(pid)
    try:
        return psutil.Process(pid).status()
    except psutil.NoSuchProcess:
        return "gone"


def state_after_end(pid: int, *, limit: float = 2.0) -> str:
    """Return the state of a process that is about to end: "zombie" or "gone", once it has ended.

    Wait for that for at most `limit` seconds. A child's sentinel is ready when its files are
    closed, which is a moment before it is a zombie. There is no event for that moment, so this
    looks again and again.
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
        return process_control.is_trackers_command(process.cmdline())
    except psutil.Error:
        return False


def end_tree(pid: int, *, limit: float = 5.0) -> list[int]:
    """Kill process `pid` and all below it; the ids of those that were killed.

    See `helpers.process_control`, which does it.
    """
    advice = "Pass the id of a process that you started."
    if pid in (os.getpid(), os.getppid()):
        raise bad_value("pid", pid, "another process than this one and its parent", advice)
    whole_number("pid", pid, 2, 2**31, advice)
    number("limit", limit, 0, 600, "Pass seconds, e.g. limit=5.")
    return process_control.end(roots=[pid], limit=limit)


def _check_pid(pid: object) -> None:
    whole_number("pid", pid, 1, 2**31, "Pass a process id.")


def _check_process(process: object) -> None:
    if not isinstance(process, psutil.Process):
        raise bad_type("process", process, "a psutil.Process", "Pass psutil.Process(pid).")
