"""Run a program that may hang, crash or multiply: in a process tree of its own, within limits.

    run_safely("file.py")  ->  guard: start apart, watch, end the whole tree  ->  Report

The guard is another process. So nothing is left when this one is killed, and a stop button's
interrupt reaches neither the guard nor the program before this has asked for their end.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path

import psutil

from helpers import trees
from helpers.gather import nothing_seen, report_of
from helpers.limits import Limits, short_folder, usual_processes
from helpers.refusals import bad_type, bad_value
from helpers.reports import Report
from helpers.watch import carriers

PROGRAMS = Path(__file__).parent / "programs"
FOLDERS = "r"  # how the names of temporary folders begin; then comes this process's id
_GUARD = Path(__file__).parent / "guard.py"
_GRACE = 2.0  # seconds beyond its limit in which a program's tree must have ended


def run_safely(
    program: str | os.PathLike,
    *args: object,
    limit: float = 10.0,
    output: int = 1_000_000,
    memory: int = 2_000_000_000,
    processes: int | None = None,
    depth: int = 5,
) -> Report:
    """What happened when the Python file `program` ran, for `limit` seconds at the most: a Report.

    A bare name is looked for among the course's own programs, then in the current folder. Whatever
    the program starts is ended before this returns, also when it is interrupted. `output` and
    `memory` are bytes, `processes` is how many may live at once, `depth` how deep the tree may be.
    """
    path = _find(program)
    most = usual_processes() if processes is None else processes
    allowed = Limits(limit, output, memory, most, depth).check()
    folder = tempfile.mkdtemp(prefix=f"{FOLDERS}{os.getpid():x}_", dir=short_folder())
    token = uuid.uuid4().hex
    began = time.monotonic()
    try:
        guard = _start_guard(path, args, allowed, folder, token)
        told = _wait_for(guard, limit, token)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if told is None:
        return nothing_seen(str(path), path.name, allowed, time.monotonic() - began)
    if "error" in told:
        raise RuntimeError(f"The program could not be run:\n{told['error']}")
    return report_of(told, str(path), path.name, allowed)


def show_source(program: str | os.PathLike) -> None:
    """Print the program's own text."""
    print(_find(program).read_text(encoding="utf-8").rstrip())


def _start_guard(
    path: Path, args: tuple, allowed: Limits, folder: str, token: str
) -> subprocess.Popen:
    guard = subprocess.Popen(
        [sys.executable, str(_GUARD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        **trees.apart(),
    )
    job = {
        "program": str(path),
        "args": [str(arg) for arg in args],
        "limits": dataclasses.asdict(allowed),
        "folder": folder,
        "token": token,
    }
    with suppress(OSError):
        guard.stdin.write(json.dumps(job).encode() + b"\n")
        guard.stdin.flush()
    return guard


def _wait_for(guard: subprocess.Popen, limit: float, token: str) -> dict | None:
    """The guard's evidence; None if it came to harm. At the end it and the tree are gone."""
    told: list[bytes] = []
    reader = threading.Thread(target=lambda: told.append(guard.stdout.read()), daemon=True)
    reader.start()
    until = time.monotonic() + limit + 2 * _GRACE
    try:
        while reader.is_alive() and time.monotonic() < until:
            reader.join(0.2)  # not for ever: on Windows that could not be interrupted
    finally:
        _dismiss(guard, reader, token)
    with suppress(ValueError, IndexError):
        return json.loads(told[0])
    return None


def _dismiss(guard: subprocess.Popen, reader: threading.Thread, token: str) -> None:
    """The closed pipe tells the guard to end everything; if it does not, this does."""
    with suppress(OSError):
        guard.stdin.close()
    try:
        code = guard.wait(_GRACE)
    except subprocess.TimeoutExpired:
        guard.kill()
        code = guard.wait()
    if code != 0:
        trees.end_all(lambda: _tree_of(guard.pid, token), limit=_GRACE)
    reader.join(_GRACE)
    guard.stdout.close()


def _tree_of(guard: int, token: str) -> list[psutil.Process]:
    return [*trees.descendants(guard), *carriers(token)]


def _find(program: object) -> Path:
    if not isinstance(program, (str, os.PathLike)):
        raise bad_type("program", program, "a file's name", "Pass e.g. 'work_01.py'.")
    for path in (PROGRAMS / program, Path(program)):
        if path.is_file():
            return path.resolve()
    have = ", ".join(sorted(path.name for path in PROGRAMS.glob("*.py") if path.name[0] != "_"))
    raise bad_value("program", str(program), f"a Python file, or one of {have}", "Check the name.")
