"""Pictures of the explorers, of programs against the ceiling, and of past predictions.

As in `helpers.plots.runs`: data in, Axes out; colors of Okabe and Ito, each with a marker or hatch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from helpers.engines.records import Sweep
from helpers.measure.ceiling import NEAR, Climb
from helpers.plots.runs import STYLES
from helpers.progress.predictions import Guess, by_lesson, median_off
from helpers.validation import all_of_kind, bad_type

_BLUE, _ORANGE, _GREY = "#0072B2", "#E69F00", "#767676"
_SIZE = (6.6, 3.8)
_RIM = 1_000  # factors beyond are drawn there
_SAME = (0.95, 1.05)  # times as fast: nobody could tell these apart
# Okabe and Ito's, by how many numbers of workers were tried before
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9")


def plot_climb(climbed: Climb, ax: Axes | None = None) -> Axes:
    """A bar for each program, from the first to the last: how many times as fast as one loop.

    The solid line is the machine's ceiling, the dashed one nine tenths of it, the dotted one the
    loop: a bar that ends left of that is slower than no parallel program at all.
    """
    if not isinstance(climbed, Climb):
        raise bad_type("climbed", climbed, "a Climb", "Pass what climb(…) returned.")
    ax = _axes(ax, (6.6, 1.3 + 0.5 * len(climbed.walls)))
    longest = max(climbed.ceiling, *map(climbed.speedup, climbed.walls), 1.0)
    for row, name in enumerate(climbed.walls):
        speedup = climbed.speedup(name)
        slower = speedup < _SAME[0]
        ax.barh(
            row, speedup, height=0.6, color=_ORANGE if slower else _BLUE,
            hatch="//" if slower else "", edgecolor="white",
        )  # fmt: skip
        note = f" {speedup:.2f}{_beside_the_loop(speedup)}"
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85}
        ax.annotate(note, (speedup, row), va="center", bbox=box)
    for place, line, words in (
        (1, (0, (1, 3)), "loop"), (NEAR * climbed.ceiling, "--", ""),
        (climbed.ceiling, "-", "ceiling"),
    ):  # fmt: skip
        ax.axvline(place, color="black", linewidth=1, linestyle=line)
        ax.annotate(words, (place, -0.55), ha="center", va="bottom", annotation_clip=False)
    ax.set_yticks(range(len(climbed.walls)), list(climbed.walls))
    ax.set(
        xlabel=f"times as fast as one loop, with {climbed.workers} workers",
        xlim=(0, 1.25 * longest), ylim=(len(climbed.walls) - 0.5, -0.5),
    )  # fmt: skip
    return ax


def plot_explored(sweeps: Sequence[Sweep], ax: Axes | None = None) -> Axes:
    """Speed-up of each run so far by its workers, each against the loop measured beside it."""
    all_of_kind("sweeps", sweeps, Sweep, "Measure one first.")
    ax = _axes(ax, _SIZE)
    most = max(sweep.runs[0].workers for sweep in sweeps)
    ax.plot([1, max(2, most)], [1, max(2, most)], color=_GREY, linewidth=1, linestyle=(0, (1, 3)))
    middle = (1 + max(2, most)) / 2
    ax.annotate("ideal  ", (middle, middle), color=_GREY, ha="right", va="bottom")
    named: set[str] = set()
    for sweep in sweeps:
        run = sweep.runs[0]
        colour, marker, _ = STYLES[run.engine]
        newest = sweep is sweeps[-1]
        ax.plot(
            run.workers, sweep.speedup(run.engine, run.workers), color=colour, marker=marker,
            markersize=10 if newest else 6, markeredgecolor="black" if newest else colour,
            linestyle="none", label=None if run.engine in named else run.engine,
        )  # fmt: skip
        ax.plot(run.workers, sweep.ceilings[run.workers], color="black", marker="_", markersize=16,
                linestyle="none", label=None if named else "this machine's ceiling")  # fmt: skip
        named.add(run.engine)
    ax.set(
        xlabel="workers", ylabel="speed-up over one loop (times)", ylim=(0, None), xlim=(0.5, None)
    )
    ax.locator_params(axis="y", nbins=5)  # every label costs a millisecond of drawing
    ax.set_xticks(range(1, max(2, most) + 1, max(1, most // 8)))
    ax.legend(frameon=False, fontsize="small", loc="best")
    return ax


def plot_pieces(points: Sequence[tuple[int, int, float, float]], ax: Axes | None = None) -> Axes:
    """Speed-up by the number of pieces: a mark for each (pieces, workers, speed-up, ceiling).

    The last one is the largest; the bar above or below each mark is the ceiling at that time.
    """
    all_of_kind("points", points, tuple, "Measure one first.")
    ax = _axes(ax, _SIZE)
    counts = list(dict.fromkeys(point[1] for point in points))
    colours = {count: _COLOURS[place % len(_COLOURS)] for place, count in enumerate(counts)}
    named: set[int] = set()
    for pieces, workers, speedup, ceiling in points:
        newest = (pieces, workers, speedup, ceiling) == tuple(points[-1])
        ax.plot(pieces, ceiling, color="black", marker="_", markersize=16, linestyle="none",
                label=None if named else "this machine's ceiling")  # fmt: skip
        ax.plot(
            pieces, speedup, color=colours[workers], marker="osD^vP"[workers % 6],
            markersize=10 if newest else 6, linestyle="none",
            markeredgecolor="black" if newest else colours[workers],
            label=None if workers in named else f"{workers} worker{'s' if workers > 1 else ''}",
        )  # fmt: skip
        named.add(workers)
    ax.axhline(1, color=_GREY, linewidth=1, linestyle=(0, (1, 3)))
    highest = max(max(point[2:]) for point in points)
    ax.set(
        xlabel="pieces (each mark is ten times the last)",
        ylabel="times as fast as one piece in a loop",
        xscale="log",
        ylim=(0, 1.45 * highest),
    )
    most = max(20, 1.5 * max(point[0] for point in points))
    ax.set_xlim(0.7, most)
    ticks = [10**power for power in range(len(str(int(most))))]
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.minorticks_off()
    ax.legend(frameon=False, fontsize="small", loc="upper right")
    return ax


def plot_guesses(found: Sequence[Guess], ax: Axes | None = None) -> Axes:
    """How far off each prediction was, lesson by lesson: 1 is right, above it was too high.

    The grey band of a lesson is its median factor, both ways: it gets narrower as one learns. What
    is off by more than 1,000, or has no factor, is a triangle at the rim.
    """
    all_of_kind("found", found, Guess, "Pass guesses().")
    ax = _axes(ax, (8.4, 3.8))
    place, ticks = 0, []
    for lesson, theirs in by_lesson(list(found)).items():
        middle = min(median_off(theirs), _RIM)
        left, right = place - 0.5, place + len(theirs) - 0.5
        ax.fill_between([left, right], 1 / middle, middle, color="#DDDDDD", zorder=0)
        for edge in (middle, 1 / middle):
            ax.plot([left, right], [edge] * 2, color=_GREY, linewidth=1.5)
        for guess in theirs:
            _mark(ax, place, guess)
            place += 1
        ax.axvline(right, color="#BBBBBB", linewidth=0.8)
        ticks.append(((left + right) / 2, lesson))
    ax.axhline(1, color="black", linewidth=1)
    ax.set(
        yscale="log", ylim=(1 / (2 * _RIM), 2 * _RIM), xlim=(-0.5, place - 0.5), xlabel="lesson",
        ylabel="predicted / measured",
    )  # fmt: skip
    ax.set_xticks([middle for middle, _ in ticks], [name for _, name in ticks])
    ax.set_yticks([1e-3, 1e-2, 0.1, 1, 10, 100, 1e3],
                  ["1/1000", "1/100", "1/10", "right", "10 ×", "100 ×", "1000 ×"])  # fmt: skip
    ax.minorticks_off()
    return ax


def _beside_the_loop(speedup: float) -> str:
    if speedup > _SAME[1]:
        return ""
    return " (slower than the loop)" if speedup < _SAME[0] else " (as the loop)"


def _mark(ax: Axes, place: int, guess: Guess) -> None:
    factor = guess.factor
    if factor is None:
        factor = math.inf if guess.predicted > guess.measured else 0.0
    inside = min(max(factor, 1 / _RIM), _RIM)
    marker = "o" if inside == factor else "^" if factor > 1 else "v"
    ax.plot(place, inside, color=_BLUE, marker=marker, markersize=7, linestyle="none")


def _axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    if ax is None:
        _, ax = plt.subplots(figsize=size, layout="constrained")
    elif not isinstance(ax, Axes):
        raise bad_type("ax", ax, "matplotlib Axes or None", "Leave it out for a new picture.")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return ax
