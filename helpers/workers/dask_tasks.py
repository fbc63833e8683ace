"""What a cluster's workers run in lesson 11: tasks that note where and how often they ran.

A note is an empty file. A worker that dies sends no message about the task it had begun, but the
file stays.
"""

from __future__ import annotations

import os
import uuid
from collections import Counter
from pathlib import Path

from helpers.validation import bad_type
from helpers.workers.compute import count_primes


def count_and_note(task: tuple[int, range, str]) -> tuple[int, int]:
    """Note the run in the folder; return (number of the task, how many primes are in its range).

    task = (number, range, folder).
    """
    number, numbers, folder = task
    _note_run(number, folder)
    return number, count_primes(numbers)


def note_and_die(number: int, folder: str) -> None:
    """Note the run, then end this process at once, as a crash in C code does."""
    _note_run(number, folder)
    os._exit(1)


def _note_run(number: int, folder: str) -> None:
    """Create a file whose name no other run uses: task, process, random number."""
    Path(folder, f"{number}-{os.getpid()}-{uuid.uuid4().hex}").touch()


def runs_noted(folder: str | os.PathLike) -> Counter[int]:
    """Return how often each task was begun, by its number, from the notes in the folder."""
    if not isinstance(folder, (str, os.PathLike)):
        raise bad_type("folder", folder, "a folder's path", "Pass where the tasks left notes.")
    return Counter(int(path.name.split("-")[0]) for path in Path(folder).iterdir())
