"""The evidence on a program, which the supervisor collects in two steps.

the program ends, or passes a limit
  |  inspect_living     while its processes are alive: states, stacks, CPU use
the supervisor kills all that is left
  |  collect_results    when none is alive: output, notes, exit code, leftover shared memory
evidence, a dict that becomes JSON
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import psutil

from helpers.runner import deadlock, monitor, operating_system
from helpers.runner.events import MOST_BYTES, read_notes
from helpers.runner.leftovers import survivors

_GROWING = ("processes", "depth", "starts", "abandoned")  # stops that leave no time for stacks
_MOST_OUTPUT = 20_000  # bytes; of longer output the head and the tail are kept
_MOST_STACKS = 40  # processes whose stacks are read; more would not help a reader
_STACKS_LIMIT = 0.8  # seconds in which every process must have written its stack
_LOOK = 0.03  # seconds between two looks at the stack files
_UNCHANGED = 4  # how many looks without a change until a process is asked again


def inspect_living(seen: monitor.Watch, folder: Path, stop: str) -> dict:
    """Return the state of each process, before any is killed, and make each write its stack.

    `stop` is the kind of limit that was passed, "" if the program ended by itself. The order
    matters. Survivors first get a moment to end by themselves. Stacks come last, because the signal
    that asks for a stack wakes a blocked process, which then no longer looks deadlocked.
    """
    until = time.monotonic()
    if stop in _GROWING or (stop and seen.grows()):
        return {"until": until, "still": False}  # looking takes long, and the tree grows
    left = [] if stop else survivors(seen)
    seen.look(whole=True)
    monitor.reap_orphans(seen.process)
    alive = [process.pid for process in seen.alive()]
    evidence = {
        "until": until if stop else None,
        "written": (folder / "output").stat().st_size,  # until it is killed, it may write more
        "alive": sorted(alive),
        "still": seen.is_still(),
        "futex": [pid for pid in sorted(alive) if deadlock.waits_for_threads_lock(pid)],
        "busy": {pid: round(seen.busy(pid), 2) for pid in alive},
        "zombies": monitor.zombies(seen),
        "left": {process.pid: _name(process) for process in left},
    }
    if stop or left:
        _collect_stacks(folder / "notes", alive[:_MOST_STACKS])
    return evidence


def _collect_stacks(notes: Path, alive: list[int]) -> None:
    """Ask every process that has a stack file for its stack; wait until all have written.

    No message says that a dump is complete, so the file itself must tell:

        the file                        means
        ends with "in <module>"         complete: faulthandler writes the main thread last
        has not changed for a while     cut off, or the main thread's first frame is not a module:
                                        ask once more, then take what is there

    A dump is cut off if a thread goes on running while faulthandler reads its frames.
    """
    ready = {pid for pid in alive if (notes / f"{pid}.stack").exists()}
    waiting = {pid for pid in ready if operating_system.ask_for_stack(pid)}
    may_be_asked_again = set(waiting)
    until = time.monotonic() + _STACKS_LIMIT
    sizes: dict[int, tuple[int, int]] = {}  # bytes in the file, looks since they last changed
    while waiting and time.monotonic() < until:
        time.sleep(_LOOK)  # there is no portable event for a write to a file
        for pid in list(waiting):
            text = _tail(notes / f"{pid}.stack")
            size, looks = sizes.get(pid, (0, 0))
            sizes[pid] = (len(text), looks + 1 if text and len(text) == size else 0)
            if text.rstrip().endswith(b" in <module>"):
                waiting.discard(pid)
            elif sizes[pid][1] >= _UNCHANGED:
                sizes[pid] = (len(text), 0)
                if pid not in may_be_asked_again or not _ask_again(pid, notes):
                    waiting.discard(pid)
                may_be_asked_again.discard(pid)


def _ask_again(pid: int, notes: Path) -> bool:
    with (notes / f"{pid}.stack").open("ab") as file:
        file.write(b"\n====\n")  # stacks.py splits dumps at it
    return operating_system.ask_for_stack(pid)


def _tail(path: Path) -> bytes:
    try:
        return path.read_bytes()[-MOST_BYTES:]
    except OSError:
        return b""


def collect_results(seen: monitor.Watch, folder: Path, stop: str, written: int | None) -> dict:
    """Return what the program wrote and left behind, and remove what it left behind.

    All of its processes must have ended. Only the first `written` bytes of the output count, or all
    of it if `written` is None.
    """
    events = read_notes(folder / "notes")
    made = (event for event in events if event["what"] in ("shared", "named"))
    names = {event["name"] for event in made if event.get("create", True)}
    left = operating_system.shared_left(names, seen.since)
    operating_system.remove_shared(left)
    return {
        "stop": stop,
        "exit_code": None if stop else seen.process.returncode,
        "seconds": seen.seconds,
        "cpu": monitor.cpu_of_the_dead() or sum(seen.used.values()),
        "output": _text(folder / "output", written),
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
            text = file.read(MOST_BYTES).decode("utf-8", errors="replace")
        if text:
            found[path.stem] = text
    return found


def _text(path: Path, written: int | None) -> str:
    """Return the first `written` bytes of the file; if these are many, only head and tail."""
    half = _MOST_OUTPUT // 2
    with path.open("rb") as file:
        size = path.stat().st_size if written is None else written
        if size <= _MOST_OUTPUT:
            return file.read(size).decode("utf-8", errors="replace")
        head = file.read(half).decode("utf-8", errors="replace")
        file.seek(size - half)
        return f"{head}\n[…]\n{file.read(half).decode('utf-8', errors='replace')}"


def _name(process: psutil.Process) -> str:
    with contextlib.suppress(Exception):
        return process.name()
    return "a process"
