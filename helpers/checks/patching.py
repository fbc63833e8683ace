"""Attributes of multiprocessing that are replaced while an answer runs, and put back after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def replaced(owner: object, **replacements: object) -> Iterator[None]:
    """Replace these attributes of a class or module inside the `with`, and restore them at its end.

    Each name must be in the owner's own namespace: an inherited attribute that is put back would
    become one of the owner's own.
    """
    originals = {name: vars(owner)[name] for name in replacements}
    try:
        for name, replacement in replacements.items():
            setattr(owner, name, replacement)
        yield
    finally:
        for name, original in originals.items():
            setattr(owner, name, original)
