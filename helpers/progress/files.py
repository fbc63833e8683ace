"""Rename a learner's file instead of overwriting it, so that no work is lost."""

from __future__ import annotations

from pathlib import Path

_MOST_VERSIONS = 10_000


def put_aside(file: Path, label: str = "mine") -> Path | None:
    """Rename `work_01.py` to `work_01.mine-1.py`, or the next free number, and return the new path.

    Return None if there is no such file. Raises OSError if it can't be renamed.
    """
    if not file.exists():
        return None
    return file.rename(free_name(file, label))


def free_name(file: Path, label: str = "mine") -> Path:
    """Return the first free name for an earlier version of `file`, in the same folder."""
    names = (
        file.with_suffix(f".{label}-{number}{file.suffix}") for number in range(1, _MOST_VERSIONS)
    )
    return next(name for name in names if not name.exists())
