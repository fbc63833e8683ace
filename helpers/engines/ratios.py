"""Ratios of seconds that were measured in turns: the median of the rounds, the lowest, the highest.

    ratio_by_round(loop, engine):  loop of round 1 / engine of round 1, and so on  ->  Ratio

Both sides of each ratio come from the same round, so a busy minute affects both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.validation import bad_type

DISTURBED = (
    "this measurement was disturbed"  # the build refuses to store an output with these words
)


@dataclass(frozen=True)
class Ratio:
    """A ratio that was measured in several rounds: their median, the lowest and the highest.

    `f"{ratio:.1f}"` is text such as '1.8 (1.7 to 1.9)'; without a format there are two decimals.
    """

    median: float
    lowest: float
    highest: float

    def __format__(self, spec: str) -> str:
        spec = spec or ".2f"
        return f"{self.median:{spec}} ({self.lowest:{spec}} to {self.highest:{spec}})"

    def __str__(self) -> str:
        return format(self)

    def clearly_above(self, bound: float) -> bool:
        """Return whether the median is above `bound`, and every round above the lower of it and 1.

        A ratio of 1 is a draw. So a gain of 1.2 times is clear if the median says so and no round
        was a loss.
        """
        return self.median > bound and self.lowest > min(bound, 1.0)

    def undecided(self, bound: float) -> str:
        """Return why the rounds do not say on which side of `bound` the ratio is; empty if they do.

        They don't if some rounds were above it and some at or below. One busy second of the machine
        is enough for that, even where no program of this machine can be seen using the cores.
        """
        if not self.lowest <= bound < self.highest:
            return ""
        return (
            f"some rounds were above {bound:g} times and some were not, "
            f"from {self.lowest:.2f} to {self.highest:.2f}"
        )

    def is_above(self, other: Ratio) -> bool:
        """Return whether even the lowest of this ratio is above the highest of the other."""
        return self.lowest > other.highest

    def is_below(self, other: Ratio) -> bool:
        """Return whether even the highest of this ratio is below the lowest of the other."""
        return other.is_above(self)


def ratio_by_round(baseline: Sequence[float], measured: Sequence[float]) -> Ratio:
    """Return the Ratio of baseline seconds to measured seconds, round by round.

    Raise TypeError for what is not a list of seconds, and ValueError if the two are not of the same
    number of rounds, or of none.
    """
    for name, seconds in (("baseline", baseline), ("measured", measured)):
        if not isinstance(seconds, (list, tuple)):
            advice = "Pass what was measured, e.g. [0.21, 0.20, 0.22]."
            raise bad_type(name, seconds, "a list with the seconds of each round", advice)
    if len(baseline) != len(measured) or not measured:
        raise ValueError(
            f"A ratio is taken round by round, got {len(baseline)} and {len(measured)} rounds. "
            "Measure both with the same rounds=…, e.g. rounds=7."
        )
    ratios = [a / b for a, b in zip(baseline, measured, strict=True)]
    return Ratio(_median(ratios), min(ratios), max(ratios))


def _median(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the two in the middle.

    `statistics.median` does the same, but importing it takes every child some milliseconds.
    """
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def disturbance(name: str, speedup: Ratio, ceiling: Ratio) -> str:
    """Return a sentence if the speedup is above the machine's ceiling; an empty string if it isn't.

    Nothing can do more than the ceiling. A speedup whose lowest round is above the ceiling's
    highest says that other programs used the cores while one of the two was measured.
    """
    if not speedup.is_above(ceiling):
        return ""
    return (
        f"{DISTURBED}: {name} was {speedup:.2f} times as fast as one loop, "
        f"above the ceiling of this machine, {ceiling:.2f}. Measure again when the machine is quiet"
    )
