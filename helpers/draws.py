"""Random numbers in workers: from a generator that was sent, and from a seed of one's own."""

from __future__ import annotations

import numpy as np

from helpers.validation import bad_type, whole_number


def draw_from(generator: np.random.Generator) -> list[int]:
    """The next five whole numbers from 0 to 99 of the generator that was sent here: of a copy."""
    if not isinstance(generator, np.random.Generator):
        raise bad_type("generator", generator, "a NumPy Generator", "Pass np.random.default_rng().")
    return generator.integers(0, 100, 5).tolist()


def points_inside(task: tuple[np.random.SeedSequence, int]) -> int:
    """How many of `count` random points lie in the quarter circle; task = (seed, count)."""
    if not isinstance(task, tuple) or len(task) != 2:
        raise bad_type("task", task, "a tuple (seed, count)", "Pass e.g. (SeedSequence(1), 1_000).")
    seed, count = task
    whole_number("count", count, 1, 10**8, "Pass how many points, e.g. 10_000.")
    x, y = np.random.default_rng(seed).random((2, count))
    return int((x * x + y * y <= 1).sum())
