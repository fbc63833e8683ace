"""The processes that a program left running, without multiprocessing's own service processes.

A resource tracker and a fork server are service processes: each ends by itself after the last
process that uses it, which takes a while on a busy machine. So they don't count as left behind.
"""

from __future__ import annotations

import ast
import contextlib
import time
from pathlib import Path

import psutil

from helpers.runner import deadlock
from helpers.runner.monitor import Watch

_SERVICES_LIMIT = 5.0  # seconds that trackers and fork servers may take to end
_OTHERS_LIMIT = 1.0  # seconds that other processes may take to notice that their parent has ended
_AFTER_LIMIT = 0.7  # seconds after the program's own limit at which all waiting ends
_LOOK = 0.02  # seconds between looks: only a parent gets an event when a process ends
_BLOCKED_LOOK = 0.2  # seconds between two looks at whether all are blocked


def survivors(watch: Watch) -> list[psutil.Process]:
    """Wait for the processes that are about to end; return those that are still alive.

    Service processes are left out. The wait ends early if the others are deadlocked.
    """
    watch.look(whole=True)
    for process in watch.marked_processes():
        watch.seen.setdefault(process.pid, process)
    began = time.monotonic()
    most = max(0.3, watch.allowed.seconds + _AFTER_LIMIT - watch.seconds)
    before, looked = None, began
    while True:
        alive = watch.alive()
        others = [process for process in alive if not is_service(process, watch.notes)]
        waited = time.monotonic() - began
        patience = _OTHERS_LIMIT if others else _SERVICES_LIMIT
        if not alive or waited > min(patience, most):
            return others
        if others and time.monotonic() - looked > _BLOCKED_LOOK:
            now = deadlock.look_at(process.pid for process in others)
            if now is not None and now == before:
                return others  # a deadlock: waiting longer would change nothing
            before, looked = now, time.monotonic()
        time.sleep(_LOOK)


def is_service(process: psutil.Process, notes: Path) -> bool:
    """Return whether it is a resource tracker or a fork server.

    A child of a fork server has the server's command line, so the command line alone proves
    nothing. What each process has noted about itself does. If it has noted nothing yet, and its
    parent has the same command line, it is taken as a forked child.
    """
    here = _first_note(notes / f"{process.pid}.notes")
    if here:
        return bool(here["service"])
    line = _command_line(process)
    with contextlib.suppress(psutil.Error):
        parent = process.parent()
        return _is_service_command(line) and not (parent and _command_line(parent) == line)
    return True  # it is gone, so it was not left


def _first_note(path: Path) -> dict:
    """Return the event "here" with which a process begins its notes; {} if there is none."""
    with contextlib.suppress(OSError, ValueError, SyntaxError, KeyError, IndexError):
        line = path.read_text(encoding="utf-8").splitlines()[0]
        note = ast.literal_eval(line)
        return note if note["what"] == "here" else {}
    return {}


def _command_line(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error, OSError):
        return " ".join(process.cmdline())
    return ""


def _is_service_command(line: str) -> bool:
    return "multiprocessing.resource_tracker" in line or "multiprocessing.forkserver" in line
