"""What a program can leave behind: processes, shared memory, semaphores, temporary folders."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from helpers.runner.operating_system import short_folder
from helpers.runner.run import FOLDER_PREFIX

SHARED = Path("/dev/shm")
PATIENCE = 5.0  # seconds in which other programs' shared memory may go away


@dataclass(frozen=True)
class Surroundings:
    """What exists at one moment besides the programs under test. It must not grow."""

    processes: frozenset[int]
    shared: frozenset[str]
    files: frozenset[str]

    @classmethod
    def now(cls) -> Surroundings:
        """Return the processes below this one, and the names where a program leaves things."""
        below = psutil.Process().children(recursive=True)
        mine = f"{FOLDER_PREFIX}{os.getpid():x}_"
        folders = {short_folder(), tempfile.gettempdir()}
        return cls(
            processes=frozenset(process.pid for process in below),
            shared=frozenset(_names(SHARED, ("psm_", "sem.mp-"))),
            files=frozenset(name for folder in folders for name in _names(Path(folder), (mine,))),
        )

    def left_since(self, before: Surroundings) -> list[str]:
        """Return a line for each kind of thing that exists now and did not exist before."""
        kinds: dict[str, Callable[[Surroundings], frozenset]] = {
            "processes or zombies": lambda one: one.processes,
            "shared memory or semaphores": lambda one: one.shared,
            "temporary folders": lambda one: one.files,
        }
        new = {kind: look(self) - look(before) for kind, look in kinds.items()}
        return [f"{kind}: {sorted(found)}" for kind, found in new.items() if found]


def wait_for_leftovers(before: Surroundings) -> list[str]:
    """Return a line for each kind of thing that is still left after PATIENCE seconds."""
    until = time.monotonic() + PATIENCE
    while (left := Surroundings.now().left_since(before)) and time.monotonic() < until:
        time.sleep(0.1)  # other programs use the same shared memory; no event says they are done
    return left


def _names(folder: Path, beginnings: tuple[str, ...]) -> list[str]:
    if not folder.is_dir():
        return []
    return [path.name for path in folder.iterdir() if path.name.startswith(beginnings)]
