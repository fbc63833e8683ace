"""Shared memory and named semaphores as Linux shows them, and whose they are."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import psutil

SHARED = Path("/dev/shm")  # where Linux shows shared memory; other systems don't show it
SHARED_NAMES = ("psm_*", "sem.mp-*", "sem.loky-*")


def shared_memory() -> Iterator[str]:
    """The names of what there is now."""
    if SHARED.is_dir():
        for path in SHARED.iterdir():
            if any(fnmatch(path.name, pattern) for pattern in SHARED_NAMES):
                yield path.name


def unused_by_others(names: Iterable[str], ours: set[int]) -> list[str]:
    """Those of `names` that no living process uses but `ours`; others have programs, too."""
    names = list(names)
    used = {None, *_used_by_others(ours)} if names else set()  # None: gone meanwhile
    return sorted(name for name in names if _identity(SHARED / name) not in used)


def _used_by_others(ours: set[int]) -> set[tuple[str, int]]:
    """The identities of the shared memory that living processes use, `ours` apart.

    Not the names: a semaphore is made under another name than it has later, and stays mapped so.
    """
    used = set()
    for pid in set(psutil.pids()) - ours:
        with contextlib.suppress(OSError):  # it has ended, or is another user's
            for device, file in re.findall(
                r" (\w+:\w+) (\d+) +\S*/shm/", Path(f"/proc/{pid}/maps").read_text()
            ):
                used.add((device, int(file)))
    return used


def _identity(path: Path) -> tuple[str, int] | None:
    """A file's device and number, as the system writes them in a process's maps; None if gone."""
    with contextlib.suppress(OSError):
        status = path.stat()
        device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}"
        return device, status.st_ino
    return None
