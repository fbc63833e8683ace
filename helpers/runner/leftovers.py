"""What still lives when a program has ended, the servants of multiprocessing apart.

A resource tracker and a fork server end by themselves, when the last process that they serve has
gone; that takes them a while on a busy machine, and they are nothing that the program left.
"""

from __future__ import annotations

import ast
import contextlib
import time
from pathlib import Path

import psutil

from helpers.runner import deadlock
from helpers.runner.monitor import Watch

_SERVANTS = 5.0  # seconds that trackers and fork servers may take to end
_OTHERS = 1.0  # seconds in which whoever saw its parent die may end by itself
_BEYOND = 0.7  # seconds after the program's limit for which either is waited for, at the most
_LOOK = 0.02  # no event tells of the end of somebody else's child
_AGAIN = 0.2  # seconds between two looks at who moves


def survivors(watch: Watch) -> list[psutil.Process]:
    """The living, when all who were about to end have done so."""
    watch.look(whole=True)
    for process in watch.carriers():
        watch.seen.setdefault(process.pid, process)
    began = time.monotonic()
    most = max(0.3, watch.allowed.seconds + _BEYOND - watch.seconds)
    before, looked = None, began
    while True:
        alive = watch.alive()
        others = [process for process in alive if not is_servant(process, watch.notes)]
        waited = time.monotonic() - began
        patience = _OTHERS if others else _SERVANTS
        if not alive or waited > min(patience, most):
            return others
        if others and time.monotonic() - looked > _AGAIN:
            now = deadlock.look_at(process.pid for process in others)
            if now is not None and now == before:
                return others  # they wait for ever
            before, looked = now, time.monotonic()
        time.sleep(_LOOK)


def is_servant(process: psutil.Process, notes: Path) -> bool:
    """Whether it is a resource tracker or a fork server, and no child of such a server.

    That bears the server's command line, so what each has noted of itself counts first. One that
    could not do so yet was made by a fork, if its parent bears the same line.
    """
    here = _first_note(notes / f"{process.pid}.notes")
    if here:
        return bool(here["service"])
    line = _command(process)
    with contextlib.suppress(psutil.Error):
        parent = process.parent()
        return _serves(line) and not (parent and _command(parent) == line)
    return True  # it is gone


def _first_note(path: Path) -> dict:
    with contextlib.suppress(OSError, ValueError, SyntaxError, KeyError, IndexError):
        line = path.read_text(encoding="utf-8").splitlines()[0]
        note = ast.literal_eval(line)
        return note if note["what"] == "here" else {}
    return {}


def _command(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error, OSError):
        return " ".join(process.cmdline())
    return ""


def _serves(line: str) -> bool:
    return "multiprocessing.resource_tracker" in line or "multiprocessing.forkserver" in line
