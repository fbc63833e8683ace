"""The states of a process and of its descendants, as the system shows them through psutil."""

from __future__ import annotations

import time

import psutil

from helpers.validation import bad_type, number, whole_number


def descendants(pid: int) -> list[psutil.Process]:
    """Return the living processes below `pid`, children first; [] if `pid` is gone.

    Raise TypeError or ValueError for what can't be a process id.
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
    Raise TypeError or ValueError for what can't be a process id.
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


def _check_pid(pid: object) -> None:
    whole_number("pid", pid, 1, 2**31, "Pass a process id.")


def _check_process(process: object) -> None:
    if not isinstance(process, psutil.Process):
        raise bad_type("process", process, "a psutil.Process", "Pass psutil.Process(pid).")
