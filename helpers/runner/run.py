"""Run a program that may hang, crash or multiply: in a process tree of its own, within limits.

    run_safely("file.py")  ->  guard: start apart, watch, end the whole tree  ->  Report

The guard is another process. So nothing is left when this one is killed, and a stop button's
interrupt reaches neither the guard nor the program before this has asked for their end.
"""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType

from helpers.process_control import PythonProgram
from helpers.runner.events import read_notes
from helpers.runner.limits import Limits, short_folder, usual_processes
from helpers.runner.report import Report, nothing_seen, report_of
from helpers.validation import bad_type, bad_value, one_of

PROGRAMS = Path(__file__).parents[1] / "programs"
FOLDERS = "r"  # how the names of temporary folders begin; then comes this process's id
_GUARD = Path(__file__).parent / "supervisor.py"
_GRACE = 2.0  # seconds beyond its limit in which a program's tree must have ended


def run_safely(
    program: str | os.PathLike,
    *args: object,
    limit: float = 10.0,
    output: int = 1_000_000,
    memory: int = 2_000_000_000,
    processes: int | None = None,
    depth: int = 5,
    still: float | None = None,
    method: str = "",
) -> Report:
    """What happened when the Python file `program` ran, for `limit` seconds at the most: a Report.

    A bare name is looked for among the course's own programs, then in the current folder. Whatever
    the program starts is ended before this returns, also when it is interrupted. `output` and
    `memory` are bytes, `processes` is how many may live at once, `depth` how deep the tree may be.
    `still` ends it sooner: when for so many seconds everybody in it has waited without end (seen
    on Linux only). `method` is the start method that the program uses where it names none.
    """
    most = usual_processes() if processes is None else processes
    limits = Limits(limit, output, memory, most, depth)
    if still is not None:
        limits = dataclasses.replace(limits, still=still)
    with SafeRun(program, args, limits, method) as run:
        return run.report()


def show_source(program: str | os.PathLike) -> None:
    """Print the program's own text."""
    print(_find(program).read_text(encoding="utf-8").rstrip())


class SafeRun:
    """A program that runs within limits, while the caller does something else.

        with SafeRun("work_01.py", ["fork"], Limits(seconds=5)) as run:
            report = run.report()

    It begins inside `with`, and nothing is left of it after that. `args` are given to the program.
    """

    def __init__(
        self,
        program: str | os.PathLike,
        args: Iterable[object] = (),
        limits: Limits | None = None,
        method: str = "",
    ) -> None:
        have = ("", *multiprocessing.get_all_start_methods())
        self._method = one_of("method", method, have, "Leave it out for the default.")
        self._path = _find(program)
        self._args = [str(arg) for arg in args]
        self._limits = (limits or Limits(processes=usual_processes())).check()
        self._told: list[bytes] = []
        self._guard: PythonProgram | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._dismissed = False

    def __enter__(self) -> SafeRun:
        mine = f"{FOLDERS}{os.getpid():x}_"
        self._folder = tempfile.mkdtemp(prefix=mine, dir=short_folder())
        self._began = time.monotonic()
        with ExitStack() as stack:
            stack.callback(self._dismiss)  # an interrupt: then __exit__ is not called
            self._start()
            stack.pop_all()
        return self

    def _start(self) -> None:
        """Start the guard, and tell it what to do."""
        self._guard = PythonProgram(
            str(_GUARD),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._reader.start()
        job = {
            "program": str(self._path),
            "args": self._args,
            "limits": dataclasses.asdict(self._limits),
            "folder": self._folder,
            "token": self._guard.mark,
            "method": self._method,
        }
        with suppress(OSError):
            self._guard.stdin.write(json.dumps(job).encode() + b"\n")
            self._guard.stdin.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._dismiss()

    def give_up(self) -> None:
        """Tell the guard to end everything; if it does not, the end of `with` does."""
        with suppress(OSError):
            self._guard.stdin.close()

    def is_done(self) -> bool:
        """Whether the report is there, or must be given up."""
        late = time.monotonic() - self._began > self._limits.seconds + 2 * _GRACE
        return late or not self._reader.is_alive()

    def notes(self, what: str) -> list[dict]:
        """The notes of that kind that its processes have taken so far."""
        return [note for note in read_notes(Path(self._folder) / "notes") if note["what"] == what]

    def report(self) -> Report:
        """What happened; waits for it."""
        while not self.is_done():
            self._reader.join(0.2)  # not for ever: on Windows that could not be interrupted
        self._dismiss()
        path, name = str(self._path), self._path.name
        try:
            told = json.loads(self._told[0])
        except (ValueError, IndexError):
            return nothing_seen(path, name, self._limits, time.monotonic() - self._began)
        if "error" in told:
            raise RuntimeError(f"The program could not be run:\n{told['error']}")
        if told["stop"] == "abandoned":  # the guard was too late, on a machine with too much to do
            return nothing_seen(path, name, self._limits, time.monotonic() - self._began)
        return report_of(told, path, name, self._limits)

    def _read(self) -> None:
        self._told.append(self._guard.stdout.read())

    def _dismiss(self) -> None:
        if self._dismissed:
            return
        self._dismissed = True
        try:
            if self._guard is None:  # it never came to that; one that was about to start sees it
                return
            self.give_up()
            try:
                code = self._guard.wait(_GRACE)
            except subprocess.TimeoutExpired:
                code = None
            if code != 0:
                self._guard.end(limit=_GRACE)
            if self._reader.is_alive():
                self._reader.join(_GRACE)
            self._guard.stdout.close()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)


def _find(program: object) -> Path:
    if not isinstance(program, (str, os.PathLike)):
        raise bad_type("program", program, "a file's name", "Pass e.g. 'work_01.py'.")
    for path in (PROGRAMS / program, Path(program)):
        if path.is_file():
            return path.resolve()
    have = ", ".join(sorted(path.name for path in PROGRAMS.glob("*.py") if path.name[0] != "_"))
    raise bad_value("program", str(program), f"a Python file, or one of {have}", "Check the name.")
