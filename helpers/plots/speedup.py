"""Pictures of speedups: how many times as fast as one loop, beside the ideal and the ceiling.

plot_speedup     a line for each engine, by workers       a Sweep
plot_sweeps      a row for each workload                  Sweeps by name
plot_explored    a mark for each run, by workers          the Sweeps of an explorer
plot_pieces      a mark for each run, by pieces           points of an explorer
plot_programs    a bar for each program                   a ProgramComparison
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers.engines.records import Sweep
from helpers.measure.machine import usable_cores
from helpers.measure.program_comparison import NEAR, ProgramComparison
from helpers.measure.scaling import amdahl
from helpers.plots.style import (
    BLACK,
    BLUE,
    DOTTED,
    ENGINES,
    GRAY,
    GREEN,
    ORANGE,
    PINK,
    RED,
    SKY,
    draw_mark,
    engine_style,
    legend_above,
    legend_inside,
    name_line_ends,
    new_axes,
    require,
    require_dict,
)
from helpers.validation import whole_number

CEILING_LABEL = "this machine's ceiling"
_SAME = (0.95, 1.05)  # times as fast as one loop: too close to it to tell them apart
_WORKER_COLORS = (BLUE, ORANGE, GREEN, PINK, RED, SKY)  # by how many numbers of workers came before
_HEADROOM = 1.08  # the axis ends this many times above the highest end of a line
_SWEEP_ADVICE = "Pass what sweep() returned."


def draw_ideal(ax: Axes, counts: Sequence[float], label: str | None = None) -> None:
    """Draw the ideal speed-up: n times as fast with n workers, for each n in `counts`."""
    ax.plot(counts, counts, color=GRAY, linewidth=1, linestyle=DOTTED, label=label)


def draw_ceiling(
    ax: Axes,
    places: float | Sequence[float],
    ceilings: float | Sequence[float],
    *,
    size: float,
    marker: str = "_",
    line: str = "none",
    label: str | None = None,
) -> None:
    """Draw the machine's ceiling as black marks of `size` points, joined by `line` if there is one.

    Where `marker` is a vertical bar, `places` are the ceilings and `ceilings` are the rows.
    """
    ax.plot(
        places, ceilings, color=BLACK, marker=marker, markersize=size, linewidth=1.2,
        linestyle=line, label=label,
    )  # fmt: skip


def draw_one_loop(ax: Axes, *, vertical: bool = False) -> None:
    """Draw the dotted line where a program is as fast as one loop: at 1, across or upright."""
    (ax.axvline if vertical else ax.axhline)(1, color=GRAY, linewidth=1, linestyle=DOTTED)


def plot_speedup(sweep: Sweep, ax: Axes | None = None) -> Axes:
    """Draw the speed-up by workers: measured with its spread, ideal, ceiling, and Amdahl's fit."""
    require("sweep", sweep, Sweep, _SWEEP_ADVICE)
    ax = new_axes(ax)
    counts = sweep.worker_counts
    ceilings = [sweep.ceilings[n] for n in counts]
    draw_ideal(ax, counts)
    draw_ceiling(ax, counts, ceilings, size=12, line="-")
    ends = [(counts[-1], "ideal", GRAY), (ceilings[-1], CEILING_LABEL, BLACK)]
    ends += [_draw_engine(ax, sweep, engine) for engine in sweep.engines]
    top = _HEADROOM * (max(speedup for speedup, _, _ in ends) or 1.0)
    heights = [(speedup / top, name, color) for speedup, name, color in ends]
    name_line_ends(ax, heights, gap=0.075 / _HEADROOM)
    ax.set(xlabel="workers", ylabel="speed-up over one loop (times)", ylim=(0, top))
    ax.set_title(f"{sweep.baseline.worker}: speed-up by workers", loc="left")
    ax.set_xlim(counts[0] - 0.3, counts[-1] + 0.3)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return ax


def _draw_engine(ax: Axes, sweep: Sweep, engine: str) -> tuple[float, str, str]:
    """Draw the line of one engine; return its last speed-up, its name and its color."""
    runs = sorted((r for r in sweep.runs if r.engine == engine), key=lambda run: run.workers)
    counts = [run.workers for run in runs]
    best = [sweep.speedup(engine, n) for n in counts]
    worst = [sweep.baseline.wall / max(run.walls) for run in runs]
    color, marker, line = engine_style(engine)
    down = [high - low for high, low in zip(best, worst, strict=True)]
    ax.errorbar(
        counts, best, yerr=[down, [0] * len(down)], color=color, linestyle="none", capsize=3
    )
    ax.plot(counts, best, color=color, marker=marker, linestyle=line)
    serial = sweep.serial_fraction(engine, usable_cores())
    name = engine
    if serial is not None and len(counts) > 1:
        fine = [counts[0] + (counts[-1] - counts[0]) * i / 50 for i in range(51)]
        ax.plot(fine, [amdahl(n, serial) for n in fine], color=color, linewidth=0.8, alpha=0.7)
        name = f"{engine} (Amdahl: {serial:.0%} serial)"
    return best[-1], name, color


def plot_sweeps(sweeps: dict[str, Sweep], workers: int = 2, ax: Axes | None = None) -> Axes:
    """Draw the speed-up of each workload under each engine, a row each, with its own ceiling."""
    require_dict("sweeps", sweeps, Sweep, "Pass {'primes': sweep(…)}.")
    whole_number("workers", workers, 1, 1_000, "Pass a number of workers that was measured.")
    ax = new_axes(ax)
    named: set[str] = set()
    for row, sweep in enumerate(sweeps.values()):
        require("sweeps", sweep, Sweep, _SWEEP_ADVICE)
        for engine in sweep.engines:
            color, marker, _ = ENGINES[engine]
            ax.plot(
                sweep.speedup(engine, workers), row, color=color, marker=marker, markersize=9,
                linestyle="none", label=None if engine in named else engine,
            )  # fmt: skip
            named.add(engine)
        label = None if row else CEILING_LABEL
        draw_ceiling(ax, sweep.ceilings[workers], row, size=20, marker="|", label=label)
    draw_one_loop(ax, vertical=True)
    ax.annotate("one loop", (1, -0.45), color=GRAY, ha="center", va="bottom")
    ax.set_yticks(range(len(sweeps)), list(sweeps))
    ax.set(
        xlabel=f"speed-up with {workers} workers (times)",
        xlim=(0, None),
        ylim=(len(sweeps) - 0.5, -0.5),
    )
    legend_above(ax, 4, y=1.03)
    return ax


def plot_explored(sweeps: Sequence[Sweep], ax: Axes | None = None) -> Axes:
    """Draw the speed-up of each run so far by its workers, over the loop measured beside it."""
    ax = new_axes(ax)
    most = max(2, *(sweep.runs[0].workers for sweep in sweeps))
    draw_ideal(ax, [1, most])
    middle = (1 + most) / 2
    ax.annotate("ideal  ", (middle, middle), color=GRAY, ha="right", va="bottom")
    named: set[str] = set()
    for sweep in sweeps:
        run = sweep.runs[0]
        draw_mark(
            ax, run.workers, sweep.speedup(run.engine, run.workers), ENGINES[run.engine][:2],
            newest=sweep is sweeps[-1], label=None if run.engine in named else run.engine,
        )  # fmt: skip
        label = None if named else CEILING_LABEL
        draw_ceiling(ax, run.workers, sweep.ceilings[run.workers], size=16, label=label)
        named.add(run.engine)
    ax.set(
        xlabel="workers", ylabel="speed-up over one loop (times)", ylim=(0, None), xlim=(0.5, None)
    )
    ax.locator_params(axis="y", nbins=5)  # every label costs a millisecond of drawing
    ax.set_xticks(range(1, most + 1, max(1, most // 8)))
    legend_inside(ax)
    return ax


def plot_pieces(points: Sequence[tuple[int, int, float, float]], ax: Axes | None = None) -> Axes:
    """Draw the speed-up by pieces: a mark for each (pieces, workers, speed-up, ceiling).

    The newest mark is the largest. The bar above or below a mark is the ceiling at that time.
    """
    ax = new_axes(ax)
    counts = list(dict.fromkeys(workers for _, workers, _, _ in points))
    colors = {count: _WORKER_COLORS[i % len(_WORKER_COLORS)] for i, count in enumerate(counts)}
    named: set[int] = set()
    for pieces, workers, speedup, ceiling in points:
        draw_ceiling(ax, pieces, ceiling, size=16, label=None if named else CEILING_LABEL)
        plural = "s" if workers > 1 else ""
        draw_mark(
            ax, pieces, speedup, (colors[workers], "osD^vP"[workers % 6]),
            newest=(pieces, workers, speedup, ceiling) == tuple(points[-1]),
            label=None if workers in named else f"{workers} worker{plural}",
        )  # fmt: skip
        named.add(workers)
    draw_one_loop(ax)
    highest = max(max(point[2:]) for point in points)
    ax.set(
        xlabel="pieces (each mark is ten times the last)",
        ylabel="times as fast as one piece in a loop",
        xscale="log",
        ylim=(0, 1.45 * highest),
    )
    most = max(20, 1.5 * max(pieces for pieces, *_ in points))
    ax.set_xlim(0.7, most)
    ticks = [10**power for power in range(len(str(int(most))))]
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.minorticks_off()
    legend_inside(ax, "upper right")
    return ax


def plot_programs(compared: ProgramComparison, ax: Axes | None = None) -> Axes:
    """Draw a bar for each program, from the first to the last: times as fast as one loop.

    The solid line is the machine's ceiling, the dashed one nine tenths of it, the dotted one the
    loop: a program whose bar ends left of the dotted line is slower than a plain loop.
    """
    require("compared", compared, ProgramComparison, "Pass what compare_programs(…) returned.")
    ax = new_axes(ax, (6.6, 1.3 + 0.5 * len(compared.walls)))
    longest = max(compared.ceiling, *map(compared.speedup, compared.walls), 1.0)
    for row, name in enumerate(compared.walls):
        speedup = compared.speedup(name)
        slower = speedup < _SAME[0]
        ax.barh(
            row, speedup, height=0.6, color=ORANGE if slower else BLUE,
            hatch="//" if slower else "", edgecolor="white",
        )  # fmt: skip
        note = f" {speedup:.2f}{_beside_the_loop(speedup)}"
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85}
        ax.annotate(note, (speedup, row), va="center", bbox=box)
    for place, line, words in (
        (1, DOTTED, "loop"),
        (NEAR * compared.ceiling, "--", ""),
        (compared.ceiling, "-", "ceiling"),
    ):  # fmt: skip
        ax.axvline(place, color=BLACK, linewidth=1, linestyle=line)
        ax.annotate(words, (place, -0.55), ha="center", va="bottom", annotation_clip=False)
    ax.set_yticks(range(len(compared.walls)), list(compared.walls))
    ax.set(
        xlabel=f"times as fast as one loop, with {compared.workers} workers",
        xlim=(0, 1.25 * longest), ylim=(len(compared.walls) - 0.5, -0.5),
    )  # fmt: skip
    return ax


def _beside_the_loop(speedup: float) -> str:
    """Return a note for a program that is slower than the loop or as fast; empty if faster."""
    if speedup > _SAME[1]:
        return ""
    return " (slower than the loop)" if speedup < _SAME[0] else " (as the loop)"
