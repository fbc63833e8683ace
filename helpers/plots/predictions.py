"""The picture of a learner's predictions: how far off each one was, lesson by lesson."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from helpers.plots.style import BLACK, BLUE, EDGE_GRAY, GRAY, LINE_GRAY, new_axes
from helpers.progress.predictions import Guess, by_lesson, median_off

SIZE = (8.4, 3.8)  # inches
_MOST_OFF = 1_000  # a larger factor is drawn at the edge, as a triangle


def plot_guesses(found: Sequence[Guess], ax: Axes | None = None) -> Axes:
    """Draw predicted / measured for each prediction: 1 is right, above it was too high.

    The gray band of a lesson is its median factor, both ways; it gets narrower as one learns. A
    prediction that is off by more than 1,000, or has no factor, is a triangle at the edge.
    """
    ax = new_axes(ax, SIZE)
    place, ticks = 0, []
    for lesson, guesses in by_lesson(list(found)).items():
        middle = min(median_off(guesses), _MOST_OFF)
        left, right = place - 0.5, place + len(guesses) - 0.5
        ax.fill_between([left, right], 1 / middle, middle, color=LINE_GRAY, zorder=0)
        for edge in (middle, 1 / middle):
            ax.plot([left, right], [edge] * 2, color=GRAY, linewidth=1.5)
        for guess in guesses:
            _draw_guess(ax, place, guess)
            place += 1
        ax.axvline(right, color=EDGE_GRAY, linewidth=0.8)
        ticks.append(((left + right) / 2, lesson))
    ax.axhline(1, color=BLACK, linewidth=1)
    ax.set(
        yscale="log", ylim=(1 / (2 * _MOST_OFF), 2 * _MOST_OFF), xlim=(-0.5, place - 0.5),
        xlabel="lesson", ylabel="predicted / measured",
    )  # fmt: skip
    ax.set_xticks([middle for middle, _ in ticks], [name for _, name in ticks])
    ax.set_yticks([1e-3, 1e-2, 0.1, 1, 10, 100, 1e3],
                  ["1/1000", "1/100", "1/10", "right", "10 ×", "100 ×", "1000 ×"])  # fmt: skip
    ax.minorticks_off()
    return ax


def _draw_guess(ax: Axes, place: int, guess: Guess) -> None:
    """Draw one prediction at its factor, or at the edge as a triangle that points outward."""
    factor = guess.factor
    if factor is None:
        factor = math.inf if guess.predicted > guess.measured else 0.0
    inside = min(max(factor, 1 / _MOST_OFF), _MOST_OFF)
    marker = "o" if inside == factor else "^" if factor > 1 else "v"
    ax.plot(place, inside, color=BLUE, marker=marker, markersize=7, linestyle="none")
