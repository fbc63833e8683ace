"""The case studies by name, each cut into any number of pieces, for the explorer and the tools.

A piece is a task for the case's worker; all its pieces together are the whole work.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.case_studies import images, parameter_search, readings, simulation
from helpers.validation import one_of, whole_number
from helpers.workers.compute import blur_image
from helpers.workers.strips import cut_strips
from helpers.workers.workloads import gray_picture

Cut = Callable[[Path, int, int], list]  # (folder, size, pieces) to tasks

_WIDTH, _PASSES = 160, 8
_SEED = 2_024


@dataclass(frozen=True)
class Case:
    """One case study, with its worker and how to cut its work into tasks.

    `says` describes it, and `unit` is what its size counts. It has the size `small` in a lesson and
    `full` in `tools.benchmarks.case_studies`. `pieces` is a good number of tasks, and `most` the
    largest number of tasks for the small size.
    """

    name: str
    says: str
    unit: str
    worker: Callable
    make: Cut
    small: int
    full: int
    pieces: int
    most: int

    def cut(self, folder: Path, size: int, pieces: int) -> list:
        """Return the work as that many tasks; create the files it needs in `folder` if missing."""
        whole_number("size", size, 1, 10**9, f"Pass {self.unit}, e.g. {self.small}.")
        advice = f"Pass how many, e.g. {self.pieces}."
        whole_number("pieces", pieces, 1, self.most * max(1, size // self.small), advice)
        return self.make(Path(folder), size, pieces)


def case(name: str) -> Case:
    """Return the case of that name; raise ValueError, which lists the names, if unknown."""
    return CASES[one_of("name", name, tuple(CASES), "Pick one of them.")]


def split(items: Sequence, pieces: int) -> list:
    """Return a list of `pieces` slices of the items, of nearly equal length."""
    whole_number("pieces", pieces, 1, 10**9, "Pass how many, e.g. pieces=4.")
    cuts = [len(items) * piece // pieces for piece in range(pieces + 1)]
    return [items[first:last] for first, last in itertools.pairwise(cuts)]


def _cut_blur(folder: Path, height: int, pieces: int) -> list:
    strips = cut_strips(gray_picture(_WIDTH, height), _WIDTH, pieces, _PASSES)
    return [(strip.pixels, _WIDTH, _PASSES) for strip in strips]


def _cut_images(folder: Path, count: int, pieces: int) -> list:
    there = sorted(map(str, folder.glob("photo_*.ppm")))
    paths = there if len(there) == count else images.make_photographs(folder, count)
    return split(paths, pieces)


def _cut_simulation(folder: Path, count: int, pieces: int) -> list:
    return simulation.day_ranges(_SEED, count, pieces)


def _cut_readings(folder: Path, lines: int, pieces: int) -> list:
    path = folder / f"readings_{lines}.txt"
    if not path.exists():
        readings.make_readings(path, lines)
    return readings.cut_at_lines(path, pieces)


def _cut_search(folder: Path, longest: int, pieces: int) -> list:
    return split(parameter_search.grid(longest)[::-1], pieces)  # the longest first


CASES = {
    one.name: one
    for one in (
        Case("blur", "blur one picture 8 times, in strips", "rows",
             blur_image, _cut_blur, 240, 2_400, 2, 240),
        Case("images", "develop photographs", "photographs",
             images.develop_all, _cut_images, 12, 96, 12, 12),
        Case("simulation", "simulate days at a checkout", "days",
             simulation.days, _cut_simulation, 6_000, 60_000, 24, 6_000),
        Case("data", "crunch a large text, cut by bytes", "lines",
             readings.summarize, _cut_readings, 300_000, 2_000_000, 16, 4_000),
        Case("search", "search parameters, the longest first", "steps in the longest",
             parameter_search.anneal_all, _cut_search, 32_000, 256_000, 18, 18),
    )
}  # fmt: skip
