"""What a cluster's workers run in lesson 11: tasks that note where and how often they ran.

A note is an empty file. A worker that dies sends no message about the task it had begun, but the
file stays.
"""

from __future__ import annotations

import os
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.validation import bad_type
from helpers.workers.compute import count_primes

if TYPE_CHECKING:
    from distributed import Worker


def count_and_note(task: tuple[int, range, str]) -> tuple[int, int]:
    """Note the run in the folder; return (number of the task, how many primes are in its range).

    task = (number, range, folder).
    """
    number, numbers, folder = task
    _note_run(number, folder)
    return number, count_primes(numbers)


def note_and_fill(number: int, megabytes: int, folder: str) -> int:
    """Note the run, then hold that much memory for a minute; return how many bytes it was."""
    _note_run(number, folder)
    held = bytearray(megabytes * 1_000_000)
    time.sleep(60)
    return len(held)


def random_bytes(number: int, megabytes: int) -> bytes:
    """Return that many megabytes that can't be compressed. `number` makes the calls differ."""
    return os.urandom(megabytes * 1_000_000)


def count_on_disk(dask_worker: Worker) -> tuple[int, int]:
    """Return how many results this worker holds in memory, and how many on disk.

    `client.run` passes the worker itself to an argument of the name `dask_worker`.
    """
    return len(dask_worker.data.fast), len(dask_worker.data.slow)


def _note_run(number: int, folder: str) -> None:
    """Create a file whose name no other run uses: task, process, random number."""
    Path(folder, f"{number}-{os.getpid()}-{uuid.uuid4().hex}").touch()


def runs_noted(folder: str | os.PathLike) -> Counter[int]:
    """Return how often each task was begun, by its number, from the notes in the folder."""
    if not isinstance(folder, (str, os.PathLike)):
        raise bad_type("folder", folder, "a folder's path", "Pass where the tasks left notes.")
    return Counter(int(path.name.split("-")[0]) for path in Path(folder).iterdir())
