"""The supervisor: a process between the notebook and a program that may do anything.

    notebook's kernel             supervisor (this file)              the program's tree
    run_safely    --- job ------> start, watch, stop    ------------> program
                  <-- evidence -- end what is left      <- orphans --   +-- children

    python supervisor.py    reads the job, a line of JSON, and prints the evidence, another line

Why it is a separate process:

- The kernel may be killed or interrupted at any time. That closes the other end of this process's
  standard input. The supervisor notices, kills the program's whole tree, and exits.
- A process that loses its parent leaves the tree, unless an ancestor adopts it (on Linux). So the
  supervisor adopts orphans. The kernel should not do that: it would become the parent of processes
  that have nothing to do with it.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # The course's folder in place of this one: `helpers` is imported from there.
    sys.path[0] = str(Path(__file__).resolve().parents[2])

import contextlib
import json
import os
import shutil
import subprocess
import threading
import time
import traceback

from helpers import process_control
from helpers.runner import monitor, snapshot
from helpers.runner.limits import Limits

_INJECTED = Path(__file__).parent / "injected"
_KILL_LIMIT = 1.2  # seconds for freezing, killing and collecting what is left of the tree


def main() -> None:
    """Read a job from standard input, run it, and write the evidence to standard output."""
    job = json.loads(_read_job_line())
    try:
        evidence = _run(job, _Requester())
    except BaseException:
        evidence = {"error": traceback.format_exc()}
    finally:
        shutil.rmtree(job["folder"], ignore_errors=True)
    with contextlib.suppress(OSError):
        sys.stdout.write(json.dumps(evidence))
        sys.stdout.flush()
    os._exit(0)  # an ordinary exit would wait for the thread that reads standard input


def _read_job_line() -> bytes:
    """Return the first line of standard input; exit if it is closed before the line is complete.

    It reads byte by byte: a buffered reader would take more than the line, and hold a lock that
    the thread in `_Requester` needs.
    """
    line = b""
    while not line.endswith(b"\n"):
        more = os.read(0, 1)
        if not more:
            os._exit(1)  # the run was given up before it began
        line += more
    return line


class _Requester:
    """The process that waits for the evidence, and that may end or give up at any time.

    It writes nothing after the job. So a read of standard input returns only when the other end is
    closed: on purpose (`SafeRun.give_up`), or because that process is gone.
    """

    def __init__(self) -> None:
        self._parent, self._gone = os.getppid(), threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def is_gone(self) -> bool:
        """Return whether no process waits for the evidence anymore."""
        return self._gone.is_set() or (os.name == "posix" and os.getppid() != self._parent)

    def _listen(self) -> None:
        while os.read(0, 100):
            pass
        self._gone.set()


def _run(job: dict, requester: _Requester) -> dict:
    """Run the program of `job`, kill its tree in any case, and return the evidence.

        start --> watch until it ends or passes a limit --> inspect --> kill the tree --> collect

    The evidence comes in two steps, because each sees what the other can't. States, stacks and CPU
    use must be read while the processes are alive. Output and notes are complete only when all of
    them have ended, and only then is shared memory that still exists a leftover.
    """
    folder, allowed = Path(job["folder"]), Limits(**job["limits"])
    process_control.use_job_object()  # Windows: if this process is killed, so is the tree
    process_control.adopt_orphans()  # Linux: else a process whose parent ends leaves our tree
    for name in ("notes", "t"):
        (folder / name).mkdir()
    as_called = job["as_called"]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, as_called["name"] if as_called else job["program"], *job["args"]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(folder, allowed, as_called) | _start_method(job["method"]),
            umask=as_called["umask"] if as_called else -1,
            **process_control.in_own_group(),
        )
    seen = monitor.Watch(process, job["mark"], folder, allowed)
    stop = "abandoned"
    try:
        stop = seen.until_it_ends(requester.is_gone)
        evidence = snapshot.inspect_living(seen, folder, stop) if stop != "abandoned" else {}
    finally:
        _kill_all(seen, job["mark"])
    found = snapshot.collect_results(seen, folder, stop, evidence.get("written"))
    _remove_temporary(found["notes"])
    return evidence | found


def _remove_temporary(notes: list[dict]) -> None:
    """Remove the folders that multiprocessing made for sockets; a process that is killed can't."""
    for note in notes:
        if note["what"] == "temporary" and Path(note["path"]).name.startswith("pymp-"):
            shutil.rmtree(note["path"], ignore_errors=True)


def _environment(folder: Path, allowed: Limits, as_called: dict | None) -> dict[str, str]:
    """Return the program's environment: its own, and how it takes notes."""
    mine = {
        "COURSE_RUN_NOTES": str(folder / "notes"),
        "COURSE_RUN_PROCESSES": str(allowed.processes),
        "COURSE_RUN_DEPTH_LIMIT": str(allowed.depth),
        "COURSE_RUN_DEADLINE": str(time.time() + allowed.seconds - 0.3),
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHON_COLORS": "0",  # from 3.13 on tracebacks may have colors, which no rule can read
    }
    own = _of_caller(as_called) if as_called else _of_course(folder)
    own.pop("COURSE_RUN_DEPTH", None)  # set if this runs inside another run's program
    return own | mine


def _of_course(folder: Path) -> dict[str, str]:
    """Return variables for a program of a lesson: one thread for each library, our own folder.

    They include this process's mark, by which all that the program starts can be found.
    """
    single = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder / "t"))
    return single | process_control.environment(str(_INJECTED)) | temporary


def _of_caller(as_called: dict) -> dict[str, str]:
    """Return the caller's variables, with this process's mark, and our hooks before its modules."""
    theirs = as_called["variables"]
    path = filter(None, [str(_INJECTED), theirs.get("PYTHONPATH", "")])
    marks = {process_control.MARKS: os.environ.get(process_control.MARKS, "")}
    state = {"COURSE_RUN_STATE": "1"} if as_called["records_state"] else {}
    return theirs | marks | state | {"PYTHONPATH": os.pathsep.join(path)}


def _start_method(method: str) -> dict[str, str]:
    return {"COURSE_START_METHOD": method} if method else {}


def _kill_all(seen: monitor.Watch, mark: str) -> None:
    """Kill everything below this process, and everything that has the mark in its environment.

    Each of three ways finds what the others may miss:

        descent   from this process: the orphans too, since it has adopted them (Linux)
        the mark  an orphan on a system without adoption, even if it has changed its session
        a group   the program leads one, and a single call freezes it: a tree that multiplies grows
                  faster than it can be listed
    """
    seen.find_all()
    roots = [os.getpid()]
    if seen.process.poll() is None:
        roots.append(seen.process.pid)
    # Leftover shared memory stays for now: `snapshot.collect_results` reports and removes it.
    process_control.kill_tree(mark, roots, limit=_KILL_LIMIT, unlink=False)
    with contextlib.suppress(subprocess.TimeoutExpired):
        seen.process.wait(0.2)
    monitor.reap_orphans(seen.process)


if __name__ == "__main__":
    main()
