"""Runs of programs that may hang, crash or multiply, each in its own process tree, with limits.

    run_safely("file.py")  ->  supervisor: start the program, watch it, end its tree  ->  Report

The supervisor is another process (supervisor.py), in another process group. So it can clean up
after this process was killed, and the interrupt of Jupyter's stop button reaches neither the
supervisor nor the program: this process tells the supervisor to end the tree.
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
from typing import IO

from helpers.process_control import PythonProgram
from helpers.runner.events import read_notes
from helpers.runner.limits import Limits, usual_processes
from helpers.runner.operating_system import short_folder
from helpers.runner.report import Report, nothing_seen, report_of
from helpers.source_code import find_program
from helpers.validation import one_of

FOLDER_PREFIX = "r"  # of temporary folders; this process's id follows it
_SUPERVISOR = Path(__file__).parent / "supervisor.py"
_GRACE = 2.0  # seconds that the supervisor may need to end the tree after the limit


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
    """Run the Python file `program` for at most `limit` seconds, and return a Report on it.

    A bare name is first looked up among the course's own programs, then in the current folder.
    When this returns or raises, even after an interrupt, no process of the program is left.

    `output` and `memory` are in bytes. `processes` is how many processes may be alive at once, and
    `depth` how deep the process tree may be. `still` stops the program earlier: when all of its
    processes have been blocked without a timeout for `still` seconds (Linux only). `method` is the
    start method for a program that chooses none.

    Raise TypeError or ValueError for a program that does not exist and for limits that are not
    possible, and RuntimeError if the supervisor could not run the program.
    """
    most = usual_processes() if processes is None else processes
    limits = Limits(limit, output, memory, most, depth)
    if still is not None:
        limits = dataclasses.replace(limits, still=still)
    with SafeRun(program, args, limits, method) as run:
        return run.report()


@dataclasses.dataclass(frozen=True)
class AsCalled:
    """How a user calls a program of their own, where it must see the same as without the runner.

    `name` is the program's `sys.argv[0]`. It gets these environment `variables`, in place of this
    process's own, and this `umask`. With `records_state`, its processes also note what a child has
    of its parent's state (injected/course_state.py).
    """

    name: str
    variables: dict[str, str]
    umask: int = -1  # this process's own
    records_state: bool = False


class SafeRun:
    """A program that runs within limits while the caller does something else.

        with SafeRun("work_01.py", ["fork"], Limits(seconds=5)) as run:
            report = run.report()

    The program starts when `with` begins, and all of its processes have ended when `with` ends.
    `args` are the program's command-line arguments. `as_called` is for a program that is not the
    course's: without it, the program gets variables that suit a lesson.
    """

    def __init__(
        self,
        program: str | os.PathLike,
        args: Iterable[object] = (),
        limits: Limits | None = None,
        method: str = "",
        as_called: AsCalled | None = None,
    ) -> None:
        have = ("", *multiprocessing.get_all_start_methods())
        self._method = one_of("method", method, have, "Leave it out for the default.")
        self._path = find_program(program)
        self._args = [str(arg) for arg in args]
        self._limits = (limits or Limits(processes=usual_processes())).check()
        self._as_called = as_called
        self._answer: list[bytes] = []
        self._supervisor: PythonProgram | None = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._dismissed = False

    def __enter__(self) -> SafeRun:
        mine = f"{FOLDER_PREFIX}{os.getpid():x}_"
        self._folder = tempfile.mkdtemp(prefix=mine, dir=short_folder())
        self._began = time.monotonic()
        with ExitStack() as stack:
            stack.callback(self._dismiss)  # after an interrupt in here, __exit__ is not called
            self._start()
            stack.pop_all()
        return self

    def _start(self) -> None:
        """Start the supervisor, and send it the job as a line of JSON."""
        self._supervisor = supervisor = PythonProgram(
            str(_SUPERVISOR),
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
            "mark": supervisor.mark,
            "method": self._method,
            "as_called": self._as_called and dataclasses.asdict(self._as_called),
        }
        with suppress(OSError):
            stdin = _pipe(supervisor.stdin)
            stdin.write(json.dumps(job).encode() + b"\n")
            stdin.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._dismiss()

    def give_up(self) -> None:
        """Tell the supervisor to kill the tree, and return at once.

        If it does not obey, the end of `with` kills both.
        """
        with suppress(OSError):
            _pipe(self._running().stdin).close()

    def is_done(self) -> bool:
        """Return whether `report` can return at once: the evidence is there, or is far too late."""
        late = self.seconds > self._limits.seconds + 2 * _GRACE
        return late or not self._reader.is_alive()

    @property
    def seconds(self) -> float:
        """Return how long ago the run began."""
        return time.monotonic() - self._began

    def notes(self, what: str) -> list[dict]:
        """Return the events of kind `what` that the program's processes have noted so far."""
        return [note for note in read_notes(Path(self._folder) / "notes") if note["what"] == what]

    def report(self) -> Report:
        """Wait for the end of the program, and return the Report.

        Raise RuntimeError if the supervisor could not run the program.
        """
        while not self.is_done():
            self._reader.join(0.2)  # a join without a timeout can't be interrupted on Windows
        self._dismiss()
        path, name = str(self._path), self._path.name
        try:
            evidence = json.loads(self._answer[0])
        except (ValueError, IndexError):
            return nothing_seen(path, name, self._limits, self.seconds)
        if "error" in evidence:
            raise RuntimeError(f"The program could not be run:\n{evidence['error']}")
        if evidence["stop"] == "abandoned":  # the supervisor was too late: a busy machine
            return nothing_seen(path, name, self._limits, self.seconds)
        return report_of(evidence, path, name, self._limits)

    def _running(self) -> PythonProgram:
        if self._supervisor is None:
            raise RuntimeError("The supervisor has not been started.")
        return self._supervisor

    def _read(self) -> None:
        self._answer.append(_pipe(self._running().stdout).read())

    def _dismiss(self) -> None:
        """End the program and its supervisor, and remove their folder.

            close the supervisor's input --> it kills the whole tree, and exits     (usual)
            it does not exit in time     --> kill all processes with its mark       (a last resort)

        The supervisor can find every process of the tree, because it has adopted the orphans. This
        process can't do that, so the supervisor gets the chance first.
        """
        if self._dismissed:
            return
        self._dismissed = True
        try:
            if self._supervisor is None:  # interrupted before the supervisor was started
                return
            self.give_up()
            try:
                code = self._supervisor.wait(_GRACE)
            except subprocess.TimeoutExpired:
                code = None
            if code != 0:
                self._supervisor.kill_tree(limit=_GRACE)
            if self._reader.is_alive():
                self._reader.join(_GRACE)
            _pipe(self._supervisor.stdout).close()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    """Return `end`, which Popen types as optional; it exists, since we asked for pipes."""
    if end is None:
        raise RuntimeError("The supervisor was started without pipes.")
    return end
