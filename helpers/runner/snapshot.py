"""The two looks of the supervisor at a program, which make up the evidence on it.

the program ends, or passes a limit
  |  at_the_end    while processes are alive: states, stacks, CPU use, who waits for what
the supervisor ends all that is left
  |  afterwards    when none is alive: output, notes, exit code, leftover shared memory
evidence, a dict that becomes JSON
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import psutil

from helpers.runner import deadlock, monitor, platform
from helpers.runner.events import MOST_BYTES, read_notes
from helpers.runner.leftovers import survivors

_GROWING = ("processes", "depth", "starts", "abandoned")  # stops that leave no time for stacks
_MOST_OUTPUT = 20_000  # bytes; of longer output the head and the tail are kept
_MOST_STACKS = 40  # processes whose stacks are read; more would not help a reader
_STACKS_LIMIT = 0.8  # seconds in which every process must have written its stack
_LOOK = 0.03  # seconds between two looks at the stack files
_UNCHANGED = 4  # looks without a change after which a process is asked again


def at_the_end(seen: monitor.Watch, folder: Path, stop: str) -> dict:
    """Return how each process is now, before any is ended, and let each write its stack.

    `stop` is the kind of limit that was passed, "" if the program ended by itself. The order
    matters: survivors get a moment to end by themselves first, and stacks come last, since the
    signal that asks for one wakes its process up.
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
        "written": (folder / "output").stat().st_size,  # a process that we end may write more
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

    No message says that a dump is complete, so it is read from the file:

        ends with "in <module>"                 complete: the main thread is written last
        has not changed for a while             cut off, or a main thread that began elsewhere:
                                                ask once more, then take what is there

    A dump is cut off when its thread runs on while faulthandler reads the frames.
    """
    ready = {pid for pid in alive if (notes / f"{pid}.stack").exists()}
    waiting = {pid for pid in ready if platform.ask_for_stack(pid)}
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
    return platform.ask_for_stack(pid)


def _tail(path: Path) -> bytes:
    try:
        return path.read_bytes()[-MOST_BYTES:]
    except OSError:
        return b""


def afterwards(seen: monitor.Watch, folder: Path, stop: str, written: int | None) -> dict:
    """Return what the program wrote and left, once all of it has ended; remove what it left.

    Only the first `written` bytes of the output count, all of it if that is None.
    """
    events = read_notes(folder / "notes")
    made = (event for event in events if event["what"] in ("shared", "named"))
    names = {event["name"] for event in made if event.get("create", True)}
    left = platform.shared_left(names, seen.since)
    platform.remove_shared(left)
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
    """Return the first `written` bytes of the file; of many bytes, the head and the tail."""
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
