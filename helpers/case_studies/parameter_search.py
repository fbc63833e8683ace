"""Case 4, a parameter search: which settings of simulated annealing find the shortest tour?

anneal((steps, heat, seed))   one run of the search for a tour: (its length, the tour)
grid(longest)                 the settings to try; a run of many steps costs 32 times a short one
"""

from __future__ import annotations

import math
import random

from helpers.validation import all_of_kind, bad_type, bad_value, number, require, whole_number

_SEED, _CITIES = 7, 36
_HEATS = (5.0, 20.0, 80.0)
_DOUBLINGS = 6
_ADVICE = "Pass (steps, heat, seed), e.g. (1_000, 20.0, 1)."

Setting = tuple[int, float, int]
Found = tuple[float, tuple[int, ...]]


def cities() -> list[tuple[int, int]]:
    """Return the (x, y) of each city, in km; the same in every run."""
    draw = random.Random(_SEED)
    return [(draw.randrange(100), draw.randrange(100)) for _ in range(_CITIES)]


def tour_length(tour: tuple[int, ...]) -> float:
    """Return the length of the round trip through all cities in that order, in km."""
    places = cities()
    require("tour", tour, tuple, "Pass a tour of anneal.")
    if sorted(tour) != list(range(len(places))):
        raise bad_value("tour", tour, "each city's number once", "Pass a tour of anneal.")
    return sum(
        math.dist(places[a], places[b]) for a, b in zip(tour, (*tour[1:], tour[0]), strict=True)
    )


def anneal(task: Setting) -> Found:
    """Return the length in km of the tour that one search ends with, and the tour.

    task = (steps, heat, seed). Each step turns a part of the tour around. A shorter tour is kept; a
    tour that is longer by d is kept with probability exp(-d / T), where T falls from `heat` to 0
    (S. Kirkpatrick and others, "Optimization by simulated annealing", Science 220, 1983).
    """
    steps, heat, seed = _setting(task)
    draw, places = random.Random(seed), cities()
    far = [[math.dist(a, b) for b in places] for a in places]
    tour, count = list(range(len(places))), len(places)
    for step in range(steps):
        warm = heat * (1 - step / steps)
        first = int(draw.random() * count)
        last = int(draw.random() * count)
        if first > last:
            first, last = last, first
        if last - first in (0, count - 1):
            continue
        before, after = tour[first - 1], tour[(last + 1) % count]
        a, b = tour[first], tour[last]
        longer = far[before][b] + far[a][after] - far[before][a] - far[b][after]
        if longer <= 0 or draw.random() < math.exp(-longer / warm):
            tour[first : last + 1] = tour[first : last + 1][::-1]
    return round(tour_length(tuple(tour)), 6), tuple(tour)


def anneal_all(settings: list[Setting]) -> list[Found]:
    """Run several searches, one after the other; return what `anneal` returns for each."""
    all_of_kind("settings", settings, tuple, "Pass rows of grid().")
    return [anneal(setting) for setting in settings]


def grid(longest: int) -> list[Setting]:
    """Return 18 settings (steps, heat, seed), those with few steps first.

    The numbers of steps are `longest`, half of it, and so on, six in all, each with three heats.
    """
    whole_number("longest", longest, 2**_DOUBLINGS, 10**8, "Pass steps, e.g. 16_000.")
    lengths = [longest >> halvings for halvings in range(_DOUBLINGS - 1, -1, -1)]
    return [
        (steps, heat, seed)
        for steps in lengths
        for seed, heat in enumerate(_HEATS, 1)
    ]  # fmt: skip


def _setting(task: object) -> Setting:
    """Return the task if it is (steps, heat, seed); else raise TypeError or ValueError."""
    if not isinstance(task, tuple):
        raise bad_type("task", task, "a tuple (steps, heat, seed)", _ADVICE)
    if len(task) != 3:
        raise bad_value("task", task, "a tuple (steps, heat, seed)", _ADVICE)
    steps, heat, seed = task
    whole_number("steps", steps, 1, 10**8, _ADVICE)
    number("heat", heat, 1e-9, 1e9, _ADVICE)
    whole_number("seed", seed, 0, 2**63, _ADVICE)
    return task
