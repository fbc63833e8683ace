"""The process that stands between a notebook and a program that may do anything.

    run_safely  ->  guard: start the program, watch it, stop it, end all that is left  ->  evidence

    python guard.py    the job is one line of JSON on standard input, the evidence one on the output

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

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # instead of this folder

from helpers import limits, trees, watch  # noqa: E402
from helpers.limits import Limits  # noqa: E402
from helpers.told import read_notes  # noqa: E402

_NOTES = Path(__file__).parent / "inside"
_LONGEST_NOTES = 200_000  # bytes of one process's notes
_MOST_OUTPUT = 20_000  # letters; of longer output the head and the tail are kept
_MULTIPLIED = ("processes", "depth", "starts", "abandoned")
_FELLING = 1.2  # seconds for ending what is left, in order
_PATIENCE = 0.8  # seconds in which every process must have written its stack
_LOOK, _STILL = 0.03, 4  # seconds between looks; looks after which a process is asked again


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
    job_object = limits.die_together()
    limits.adopt_orphans()
    for name in ("notes", "t"):
        (folder / name).mkdir()
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, job["program"], *job["args"]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(job["token"], folder, allowed),
            **trees.apart(),
        )
    seen = watch.Watch(process, job["token"], folder, allowed)
    stop = "abandoned"
    try:
        stop = seen.until_it_ends(employer.is_gone)
        told = _what_was_seen(seen, folder, stop) if stop != "abandoned" else {}
    finally:
        _end_all(seen, stop)
    del job_object
    return told | _what_was_left(seen, folder, stop)


def _environment(token: str, folder: Path, allowed: Limits) -> dict[str, str]:
    path = [str(_NOTES), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    temporary = str(folder / "t")
    single = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    mine = {
        watch.MARK: token,
        "COURSE_RUN_NOTES": str(folder / "notes"),
        "COURSE_RUN_PROCESSES": str(allowed.processes),
        "COURSE_RUN_DEPTH_LIMIT": str(allowed.depth),
        "COURSE_RUN_DEADLINE": str(time.time() + allowed.seconds - 0.3),
        "PYTHONPATH": os.pathsep.join(path),
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), temporary),
    }
    inherited = {k: v for k, v in os.environ.items() if k != "COURSE_RUN_DEPTH"}
    return single | inherited | mine


def _what_was_seen(seen: watch.Watch, folder: Path, stop: str) -> dict:
    """How each process was at the end, before anything is done to it; its stack, if it lived."""
    until = time.monotonic()
    if stop in _MULTIPLIED:
        limits.kill_group(seen.process.pid)  # nobody wants their stacks
    left = [] if stop else watch.survivors(seen)
    seen.look(whole=True)
    watch.reap_orphans(seen.process)
    alive = {process.pid for process in seen.alive()}
    dead = watch.zombies(seen)
    if stop or left:
        _collect_stacks(folder / "notes", alive)
    return {
        "until": until if stop else None,
        "alive": sorted(alive),
        "futex": [pid for pid in sorted(alive) if limits.waits_for_lock(pid)],
        "busy": {pid: round(seen.busy(pid), 2) for pid in alive},
        "zombies": dead,
        "left": {process.pid: _name(process) for process in left},
    }


def _collect_stacks(notes: Path, alive: set[int]) -> None:
    """Every process that can writes its stack; waits until all have, or the time is over.

    The stack of a thread that runs may be cut off while it is written, so such a process is asked
    again.
    """
    waiting = {pid for pid in alive if (notes / f"{pid}.stack").exists()}
    waiting = {pid for pid in waiting if limits.ask_for_stack(pid)}
    until = time.monotonic() + _PATIENCE
    still: dict[int, tuple[int, int]] = {}  # the size, and for how many looks it has been that
    while waiting and time.monotonic() < until:
        time.sleep(_LOOK)  # no event tells of a write in somebody else's file
        for pid in list(waiting):
            text = _tail(notes / f"{pid}.stack")
            size, looks = still.get(pid, (0, 0))
            still[pid] = (len(text), looks + 1 if text and len(text) == size else 0)
            # The main thread comes last, and it began in a module, unless it is at its exit.
            if text.rstrip().endswith(b" in <module>"):
                waiting.discard(pid)
            elif still[pid][1] >= _STILL:
                still[pid] = (len(text), 0)
                with (notes / f"{pid}.stack").open("ab") as file:
                    file.write(b"\n====\n")  # between two dumps
                if not limits.ask_for_stack(pid):
                    waiting.discard(pid)


def _tail(path: Path) -> bytes:
    try:
        return path.read_bytes()[-_LONGEST_NOTES:]
    except OSError:
        return b""


def _end_all(seen: watch.Watch, stop: str) -> None:
    """End everything that was seen and everything that carries the mark.

    A tree that multiplies is killed at one stroke first, its resource tracker too: what that would
    have given back, this gives back.
    """
    if stop in _MULTIPLIED or len(seen.seen) > seen.allowed.processes:
        limits.kill_group(seen.process.pid)

    def look() -> list:
        watch.reap_orphans(seen.process)
        seen.look(whole=True)
        return [*seen.alive(), *seen.carriers()]

    trees.end_all(look, limit=_FELLING)
    if seen.alive():
        limits.kill_group(seen.process.pid)
    with contextlib.suppress(subprocess.TimeoutExpired):
        seen.process.wait(0.2)
    watch.reap_orphans(seen.process)


def _what_was_left(seen: watch.Watch, folder: Path, stop: str) -> dict:
    events = read_notes(folder / "notes")
    names = {event["name"] for event in events if event["what"] == "shared"}
    if stop:
        names |= limits.nameless_semaphores(seen.since)
    left = limits.shared_left(names)
    limits.remove_shared(left)
    return {
        "stop": stop,
        "exit_code": None if stop else seen.process.returncode,
        "seconds": seen.seconds,
        "cpu": watch.cpu_of_the_dead() or sum(seen.used.values()),
        "output": _text(folder / "output"),
        "seen": [pid for pid in seen.seen if pid != seen.process.pid],
        "main": seen.process.pid,
        "stacks": _stacks(folder / "notes"),
        "shared": left,
        "notes": events,
    }


def _stacks(folder: Path) -> dict[str, str]:
    found = {}
    for path in folder.glob("*.stack"):
        with path.open("rb") as file:
            text = file.read(_LONGEST_NOTES).decode("utf-8", errors="replace")
        if text:
            found[path.stem] = text
    return found


def _text(path: Path) -> str:
    """The output; of a long one its head and its tail."""
    half = _MOST_OUTPUT // 2
    with path.open("rb") as file:
        size = path.stat().st_size
        if size <= _MOST_OUTPUT:
            return file.read().decode("utf-8", errors="replace")
        head = file.read(half).decode("utf-8", errors="replace")
        file.seek(size - half)
        return f"{head}\n[…]\n{file.read(half).decode('utf-8', errors='replace')}"


def _name(process: object) -> str:
    with contextlib.suppress(Exception):
        return process.name()
    return "a process"


if __name__ == "__main__":
    main()
