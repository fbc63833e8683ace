"""What the guard sees of a program at its end, and what it finds when all of it has ended.

each process, its stack, its exit code  +  output, notes, what was left  ->  evidence
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from helpers.runner import deadlock, limits, monitor
from helpers.runner.events import LONGEST, read_notes
from helpers.runner.leftovers import survivors

MULTIPLIED = ("processes", "depth", "starts", "abandoned")
_MOST_OUTPUT = 20_000  # letters; of longer output the head and the tail are kept
_MOST_STACKS = 40  # the first processes; more would not help
_PATIENCE = 0.8  # seconds in which every process must have written its stack
_LOOK, _STILL = 0.03, 4  # seconds between looks; looks after which a process is asked again


def at_the_end(seen: monitor.Watch, folder: Path, stop: str) -> dict:
    """How each process was at the end, before anything is done to it; its stack, if it lived."""
    until = time.monotonic()
    if stop in MULTIPLIED or (stop and seen.grows()):
        return {"until": until, "still": False}  # no stacks: looking takes long, and the tree grows
    left = [] if stop else survivors(seen)
    seen.look(whole=True)
    monitor.reap_orphans(seen.process)
    alive = [process.pid for process in seen.alive()]
    told = {
        "until": until if stop else None,
        "written": (folder / "output").stat().st_size,  # who is ended by us may cry out
        "alive": sorted(alive),
        "still": seen.is_still(),
        "futex": [pid for pid in sorted(alive) if deadlock.waits_for_threads_lock(pid)],
        "busy": {pid: round(seen.busy(pid), 2) for pid in alive},
        "zombies": monitor.zombies(seen),
        "left": {process.pid: _name(process) for process in left},
    }
    if stop or left:
        _collect_stacks(
            folder / "notes", alive[:_MOST_STACKS]
        )  # last: to be asked wakes a process up
    return told


def _collect_stacks(notes: Path, alive: list[int]) -> None:
    """Every process that can writes its stack; waits until all have, or the time is over.

    The stack of a thread that runs may be cut off while it is written, so such a process is asked
    a second time.
    """
    waiting = {pid for pid in alive if (notes / f"{pid}.stack").exists()}
    waiting = {pid for pid in waiting if limits.ask_for_stack(pid)}
    again = set(waiting)
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
                if pid not in again or not _asked_again(pid, notes):
                    waiting.discard(pid)
                again.discard(pid)


def _asked_again(pid: int, notes: Path) -> bool:
    with (notes / f"{pid}.stack").open("ab") as file:
        file.write(b"\n====\n")  # between two dumps
    return limits.ask_for_stack(pid)


def _tail(path: Path) -> bytes:
    try:
        return path.read_bytes()[-LONGEST:]
    except OSError:
        return b""


def afterwards(seen: monitor.Watch, folder: Path, stop: str, written: int | None) -> dict:
    """What the processes wrote and left, once all have ended; what they left is given back.

    Of the output the first `written` bytes count, all of it if that is None.
    """
    events = read_notes(folder / "notes")
    made = (event for event in events if event["what"] in ("shared", "named"))
    names = {event["name"] for event in made if event.get("create", True)}
    left = limits.shared_left(names, seen.since)
    limits.remove_shared(left)
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
            text = file.read(LONGEST).decode("utf-8", errors="replace")
        if text:
            found[path.stem] = text
    return found


def _text(path: Path, written: int | None) -> str:
    """The output; of a long one its head and its tail."""
    half = _MOST_OUTPUT // 2
    with path.open("rb") as file:
        size = path.stat().st_size if written is None else written
        if size <= _MOST_OUTPUT:
            return file.read(size).decode("utf-8", errors="replace")
        head = file.read(half).decode("utf-8", errors="replace")
        file.seek(size - half)
        return f"{head}\n[…]\n{file.read(half).decode('utf-8', errors='replace')}"


def _name(process: object) -> str:
    with contextlib.suppress(Exception):
        return process.name()
    return "a process"
