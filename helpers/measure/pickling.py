"""Measurements of pickling: the size of an object's pickle, and the time to make and load it.

rounds: each object in turn -> dumps -> loads -> a PickleCost for each object
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
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
    """Measure pickling each object in turns; return the medians of the rounds, by name.

    The protocol is 5, because the default is 4 up to Python 3.13 and 5 from 3.14 on
    (https://docs.python.org/3/library/pickle.html). Raise TypeError or ValueError for arguments
    that can't be used, and whatever pickle raises.
    """
    whole_number("rounds", rounds, 1, 1_000, "Pass how often to repeat, e.g. 7.")
    if not isinstance(objects, Mapping):
        raise bad_type("objects", objects, "a dict of name: object", "Pass {'list': [1, 2]}.")
    if not objects:
        raise bad_value("objects", objects, "a dict with at least one object", "Pass one or more.")
    costs: dict[str, list[PickleCost]] = {name: [] for name in objects}
    for _ in range(rounds):
        for name, value in objects.items():
            costs[name].append(_travel(value))
    return {name: median_cost(of_rounds) for name, of_rounds in costs.items()}


def median_cost(rounds: Sequence[PickleCost]) -> PickleCost:
    """Return the median seconds of the rounds, with the size of the last one."""
    return PickleCost(
        rounds[-1].size,
        median(one.pickling for one in rounds),
        median(one.rebuilding for one in rounds),
    )


def _travel(value: object) -> PickleCost:
    began = perf_counter()
    pickled = pickle.dumps(value, 5)
    between = perf_counter()
    pickle.loads(pickled)
    return PickleCost(len(pickled), between - began, perf_counter() - between)
