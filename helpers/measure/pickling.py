"""Measurements of pickling: the size of an object's pickle, and the time to make and load it.

rounds: each object in turn -> dumps -> loads -> a PickleCost for each object
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

from helpers.validation import bad_type, bad_value, whole_number


@dataclass(frozen=True)
class PickleCost:
    """The size of an object's pickle in bytes, and the seconds to pickle and to rebuild it."""

    size: int
    pickling: float
    rebuilding: float

    @property
    def seconds(self) -> float:
        """Return the seconds to pickle and to rebuild, without those for sending the bytes."""
        return self.pickling + self.rebuilding


def measure_pickling(objects: Mapping[str, object], rounds: int = 7) -> dict[str, PickleCost]:
    """Measure pickling each object, the best of `rounds` in turns; return a PickleCost by name.

    The protocol is 5, because the default is 4 up to Python 3.13 and 5 from 3.14 on
    (https://docs.python.org/3/library/pickle.html). Raise TypeError or ValueError for arguments
    that can't be used, and whatever pickle raises.
    """
    whole_number("rounds", rounds, 1, 1_000, "Pass how often to repeat, e.g. 7.")
    if not isinstance(objects, Mapping):
        raise bad_type("objects", objects, "a dict of name: object", "Pass {'list': [1, 2]}.")
    if not objects:
        raise bad_value("objects", objects, "a dict with at least one object", "Pass one or more.")
    best: dict[str, PickleCost] = {}
    for _ in range(rounds):
        for name, value in objects.items():
            best[name] = _better(best.get(name), _travel(value))
    return best


def _travel(value: object) -> PickleCost:
    began = perf_counter()
    pickled = pickle.dumps(value, 5)
    between = perf_counter()
    pickle.loads(pickled)
    return PickleCost(len(pickled), between - began, perf_counter() - between)


def _better(old: PickleCost | None, new: PickleCost) -> PickleCost:
    if old is None:
        return new
    return PickleCost(
        new.size, min(old.pickling, new.pickling), min(old.rebuilding, new.rebuilding)
    )
