"""Shared memory and named semaphores as Linux shows them, and which processes use them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from helpers.process_control import SHARED, shared_files, unused_files


def shared_memory() -> Iterator[str]:
    """Return the names of what exists now."""
    return (path.name for path in shared_files())


def unused_by_others(names: Iterable[str], ours: set[int]) -> list[str]:
    """Return those of `names` that are used by no living process except `ours`."""
    return [path.name for path in unused_files((SHARED / name for name in names), ours)]
