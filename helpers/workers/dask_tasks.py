"""What workers of a cluster run in lesson 11: work that notes where and how often it ran.

A note is a small file, since a worker that is killed can tell nobody what it had begun.
"""

from __future__ import annotations

import os
import uuid
from collections import Counter
from pathlib import Path

from helpers.validation import bad_type
from helpers.workers.compute import count_primes


def count_and_note(task: tuple[int, range, str]) -> tuple[int, int]:
    """(number of the task, primes in its range), once the begun run is noted in the folder.

    task = (number, range, folder).
    """
    number, numbers, folder = task
    _note(number, folder)
    return number, count_primes(numbers)


def note_and_die(number: int, folder: str) -> None:
    """Note the run, then end this process at once, as a crash in C code does."""
    _note(number, folder)
    os._exit(1)


def _note(number: int, folder: str) -> None:
    Path(folder, f"{number}-{os.getpid()}-{uuid.uuid4().hex}").touch()


def runs_noted(folder: str | os.PathLike) -> Counter[int]:
    """How often each task was begun, by its number, as the notes in the folder say."""
    if not isinstance(folder, (str, os.PathLike)):
        raise bad_type("folder", folder, "a folder's path", "Pass where the tasks left notes.")
    return Counter(int(path.name.split("-")[0]) for path in Path(folder).iterdir())
