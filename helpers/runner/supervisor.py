"""The process that stands between a notebook and a program that may do anything.

    run_safely  ->  guard: start the program, watch it, stop it, end all that is left  ->  evidence

    python supervisor.py    reads the job, a line of JSON, and prints the evidence as another

A process of its own, so that whatever kills or interrupts the notebook leaves nothing: when the
other end of its standard input is gone, this ends the program's whole tree and then itself. It also
adopts orphans, which a notebook's kernel should not.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # instead of this folder

from helpers import process_control  # noqa: E402
from helpers.runner import limits, monitor, snapshot  # noqa: E402
from helpers.runner.limits import Limits  # noqa: E402

_NOTES = Path(__file__).parent / "injected"
_FELLING = 1.2  # seconds for ending what is left, in order


def main() -> None:
    """Do the job that standard input tells, and write what was seen to standard output."""
    job = json.loads(_first_line())
    try:
        told = _run(job, _Employer())
    except BaseException:
        told = {"error": traceback.format_exc()}
    finally:
        shutil.rmtree(job["folder"], ignore_errors=True)
    with contextlib.suppress(OSError):
        sys.stdout.write(json.dumps(told))
        sys.stdout.flush()
    os._exit(0)  # a thread still reads


def _first_line() -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        more = os.read(0, 1)
        if not more:
            os._exit(1)  # it was given up before it began
        line += more
    return line


class _Employer:
    """The process that waits for us."""

    def __init__(self) -> None:
        self._parent, self._gone = os.getppid(), threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def is_gone(self) -> bool:
        """Whether nobody waits for the evidence any more."""
        return self._gone.is_set() or (os.name == "posix" and os.getppid() != self._parent)

    def _listen(self) -> None:
        while os.read(0, 100):
            pass
        self._gone.set()


def _run(job: dict, employer: _Employer) -> dict:
    folder, allowed = Path(job["folder"]), Limits(**job["limits"])
    process_control.die_together()
    limits.adopt_orphans()
    for name in ("notes", "t"):
        (folder / name).mkdir()
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, job["program"], *job["args"]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(folder, allowed) | _start_method(job["method"]),
            **process_control.apart(),
        )
    seen = monitor.Watch(process, job["token"], folder, allowed)
    stop = "abandoned"
    try:
        stop = seen.until_it_ends(employer.is_gone)
        told = snapshot.at_the_end(seen, folder, stop) if stop != "abandoned" else {}
    finally:
        _end_all(seen, job["token"])
    return told | snapshot.afterwards(seen, folder, stop, told.get("written"))


def _environment(folder: Path, allowed: Limits) -> dict[str, str]:
    temporary = str(folder / "t")
    single = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    mine = {
        "COURSE_RUN_NOTES": str(folder / "notes"),
        "COURSE_RUN_PROCESSES": str(allowed.processes),
        "COURSE_RUN_DEPTH_LIMIT": str(allowed.depth),
        "COURSE_RUN_DEADLINE": str(time.time() + allowed.seconds - 0.3),
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHON_COLORS": "0",  # from 3.13 on a notebook asks for colours, which no rule can read
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), temporary),
    }
    inherited = process_control.environment(str(_NOTES))  # our mark is in it, too
    inherited.pop("COURSE_RUN_DEPTH", None)
    return single | inherited | mine


def _start_method(method: str) -> dict[str, str]:
    return {"COURSE_START_METHOD": method} if method else {}


def _end_all(seen: monitor.Watch, mark: str) -> None:
    """End everything below this process, which adopts orphans, and everything that bears the mark.

    The program leads a group of its own, which is frozen at one stroke: a tree that multiplies
    grows faster than one can look.
    """
    seen.find_all()
    roots = [os.getpid()]
    if seen.process.poll() is None:
        roots.append(seen.process.pid)
    process_control.end(mark, roots, limit=_FELLING, unlink=False)  # it is told what was left
    with contextlib.suppress(subprocess.TimeoutExpired):
        seen.process.wait(0.2)
    monitor.reap_orphans(seen.process)


if __name__ == "__main__":
    main()
