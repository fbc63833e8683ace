"""Pictures of speedups: how many times as fast as one loop, beside the ideal and the ceiling.

A mark is the median of the rounds; its bar reaches from the lowest round to the highest.

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

from helpers.engines.ratios import Ratio
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
    caption,
    draw_mark,
    engine_style,
    ink,
    inked,
    legend_above,
    legend_inside,
    name_line_ends,
    new_axes,
    paper,
    require_dict,
)
from helpers.validation import require, whole_number

CEILING_LABEL = "this machine's ceiling"
_SAME = (0.95, 1.05)  # times as fast as one loop: too close to it to tell them apart
_WORKER_COLORS = (BLUE, ORANGE, GREEN, PINK, RED, SKY)  # by how many numbers of workers came before
_HEADROOM = 1.08  # the axis ends this many times above the highest end of a line
_SWEEP_ADVICE = "Pass what sweep() returned."


def draw_ideal(ax: Axes, counts: Sequence[float], label: str | None = None) -> None:
    """Draw the ideal speedup: n times as fast with n workers, for each n in `counts`."""
    ax.plot(counts, counts, color=GRAY, linewidth=1, linestyle=DOTTED, label=label)


def draw_ceiling(
    ax: Axes,
    places: float | Sequence[float],
    ceilings: Ratio | Sequence[Ratio],
    *,
    size: float,
    line: str = "none",
    label: str | None = None,
    across: bool = False,
) -> None:
    """Draw the machine's ceiling as black marks of `size` points, joined by `line` if there is one.

    With `across`, the ceilings are drawn from left to right, and the places are rows.
    """
    listed = [ceilings] if isinstance(ceilings, Ratio) else list(ceilings)
    where = [places] if isinstance(places, (int, float)) else list(places)
    marker = "|" if across else "_"
    draw_ratios(
        ax, where, listed, color=BLACK, marker=marker, size=size, line=line, label=label,
        across=across,
    )  # fmt: skip


def draw_ratios(
    ax: Axes,
    places: Sequence[float],
    ratios: Sequence[Ratio],
    *,
    color: str,
    marker: str,
    size: float = 7,
    line: str = "none",
    label: str | None = None,
    across: bool = False,
) -> None:
    """Draw each Ratio as a mark at the median, and a bar from the lowest to the highest.

    With `across`, the ratios are drawn from left to right, and the places are rows.
    """
    color, medians = inked(color), [ratio.median for ratio in ratios]
    ends = (
        [ratio.median - ratio.lowest for ratio in ratios],
        [ratio.highest - ratio.median for ratio in ratios],
    )
    x, y = (medians, places) if across else (places, medians)
    ax.errorbar(
        x, y, **{"xerr" if across else "yerr": ends}, color=color, marker=marker, markersize=size,
        linestyle=line, linewidth=1.5, elinewidth=1.2, capsize=3, label=label,
    )  # fmt: skip


def draw_one_loop(ax: Axes, *, across: bool = False) -> None:
    """Draw the dotted line at 1, where a program is as fast as one loop.

    With `across`, the speedups are drawn from left to right, so the line is upright.
    """
    (ax.axvline if across else ax.axhline)(1, color=GRAY, linewidth=1, linestyle=DOTTED)


def plot_speedup(sweep: Sweep, ax: Axes | None = None) -> Axes:
    """Draw the speedup by workers: medians with their ranges, the ideal, the ceiling, and a fit.

    The fit of Amdahl's law is drawn only if it has two points or more: one point fits any law.
    """
    require("sweep", sweep, Sweep, _SWEEP_ADVICE)
    ax = new_axes(ax)
    counts = sweep.worker_counts
    ceilings = [sweep.ceilings[n] for n in counts]
    draw_ceiling(ax, counts, ceilings, size=12, line="-")
    ends = [(counts[-1], "ideal", GRAY), (ceilings[-1].median, CEILING_LABEL, BLACK)]
    ends += [_draw_engine(ax, sweep, *pair) for pair in enumerate(sweep.engines, 1)]
    draw_ideal(ax, counts)
    highest = [ratio.highest for ratio in ceilings]
    highest += [sweep.speedup_range(run.engine, run.workers).highest for run in sweep.runs]
    top = _HEADROOM * max(counts[-1], *highest)
    heights = [(speedup / top, name, color) for speedup, name, color in ends]
    name_line_ends(ax, heights, gap=0.075 / _HEADROOM)
    ax.set(xlabel="workers", ylabel="speedup over one loop (times)", ylim=(0, top))
    ax.set_title(
        f"{sweep.baseline.worker}: speedup by workers, median and range of "
        f"{sweep.baseline.rounds} rounds", loc="left",
    )  # fmt: skip
    ax.set_xlim(counts[0] - 0.3, counts[-1] + 0.3)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    caption(ax, sweep.disturbed())
    return ax


def _draw_engine(ax: Axes, sweep: Sweep, place: int, engine: str) -> tuple[float, str, str]:
    """Draw the marks of one engine; return its last speedup, its name and its color.

    They lie `place` steps beside those of the ceiling, so that the bars can be told apart.
    """
    counts = sorted(run.workers for run in sweep.runs if run.engine == engine)
    speedups = [sweep.speedup_range(engine, n) for n in counts]
    color, marker, line = engine_style(engine)
    step = 0.015 * (sweep.worker_counts[-1] - sweep.worker_counts[0] or 1)
    beside = [n + place * step for n in counts]
    draw_ratios(ax, beside, speedups, color=color, marker=marker, line=line)
    serial, name = fitted_share(sweep, engine), engine
    if serial is not None:
        fine = [counts[0] + (counts[-1] - counts[0]) * i / 50 for i in range(51)]
        law = [amdahl(n, serial) for n in fine]
        ax.plot(fine, law, color=color, linewidth=0.8, alpha=0.7, zorder=1)  # behind the ideal
        name = f"{engine} (Amdahl: {serial:.0%} serial)"
    return speedups[-1].median, name, color


def fitted_share(sweep: Sweep, engine: str) -> float | None:
    """Return the serial share that fits the engine best; None if it has fewer than two points."""
    if len(sweep.worker_counts) == 1:
        return None
    cores = usable_cores()
    if len(sweep.fit_points(engine, cores)) < 2:
        return None
    return sweep.serial_fraction(engine, cores)


def fit_in_words(sweep: Sweep) -> list[str]:
    """Return what the lines of Amdahl's law in `plot_speedup` say, or why there are none."""
    if len(sweep.worker_counts) == 1:
        return []
    lines, cores = [], usable_cores()
    for engine in sweep.engines:
        points = sweep.fit_points(engine, cores)
        serial = fitted_share(sweep, engine)
        if serial is not None:
            lines.append(
                f"Amdahl's law fitted to {len(points)} points of {engine}: {serial:.0%} serial"
            )
        else:
            few = "only one point says" if points else "no point says"
            lines.append(
                f"no fit of Amdahl's law for {engine}: {few} something of a serial share "
                f"(more than one worker, at most {cores} cores)"
            )
    return lines


def plot_sweeps(sweeps: dict[str, Sweep], workers: int = 2, ax: Axes | None = None) -> Axes:
    """Draw the speedup of each workload under each engine, a row each, with its own ceiling.

    Marks are medians, bars reach from the lowest round to the highest.
    """
    require_dict("sweeps", sweeps, Sweep, "Pass {'primes': sweep(…)}.")
    whole_number("workers", workers, 1, 1_000, "Pass a number of workers that was measured.")
    ax = new_axes(ax)
    named: set[str] = set()
    for row, sweep in enumerate(sweeps.values()):
        rivals = len(sweep.engines) + 1
        for place, engine in enumerate(sweep.engines):
            color, marker, _ = engine_style(engine)
            draw_ratios(
                ax, [_beside(row, place, rivals)], [sweep.speedup_range(engine, workers)],
                color=color, marker=marker, size=8, across=True,
                label=None if engine in named else engine,
            )  # fmt: skip
            named.add(engine)
        label = None if row else CEILING_LABEL
        place = _beside(row, rivals - 1, rivals)
        draw_ceiling(ax, place, sweep.ceilings[workers], size=14, label=label, across=True)
    draw_one_loop(ax, across=True)
    ax.annotate("one loop", (1, -0.45), color=GRAY, ha="center", va="bottom")
    ax.set_yticks(range(len(sweeps)), list(sweeps))
    ax.set(
        xlabel=f"speedup with {workers} workers (times): median and range",
        xlim=(0, None),
        ylim=(len(sweeps) - 0.5, -0.5),
    )
    legend_above(ax, 4, y=1.03)
    caption(ax, [f"{name}: {said}" for name, one in sweeps.items() for said in one.disturbed()])
    return ax


def _beside(row: int, place: int, rivals: int) -> float:
    """Return the height of that rival's mark: rivals of one row lie beside one another."""
    return row + 0.2 * (place - (rivals - 1) / 2)


def draw_bar(ax: Axes, place: float, ratio: Ratio, color: str) -> None:
    """Draw the bar from the lowest to the highest, for a mark that is drawn apart."""
    ax.plot([place, place], [ratio.lowest, ratio.highest], color=color, linewidth=1.2)


def plot_explored(sweeps: Sequence[Sweep], ax: Axes | None = None) -> Axes:
    """Draw the speedup of each run so far by its workers, over the loop measured beside it."""
    ax = new_axes(ax)
    most = max(2, *(sweep.runs[0].workers for sweep in sweeps))
    draw_ideal(ax, [1, most])
    middle = (1 + most) / 2
    ax.annotate("ideal  ", (middle, middle), color=GRAY, ha="right", va="bottom")
    named: set[str] = set()
    for sweep in sweeps:
        run = sweep.runs[0]
        speedup = sweep.speedup_range(run.engine, run.workers)
        draw_bar(ax, run.workers, speedup, ENGINES[run.engine][0])
        draw_mark(
            ax, run.workers, speedup.median, ENGINES[run.engine][:2],
            newest=sweep is sweeps[-1], label=None if run.engine in named else run.engine,
        )  # fmt: skip
        label = None if named else CEILING_LABEL
        draw_ceiling(ax, run.workers, sweep.ceilings[run.workers], size=16, label=label)
        named.add(run.engine)
    ax.set(
        xlabel="workers", ylabel="speedup over one loop (times)", ylim=(0, None), xlim=(0.5, None)
    )
    ax.locator_params(axis="y", nbins=5)  # every label costs a millisecond of drawing
    ax.set_xticks(range(1, most + 1, max(1, most // 8)))
    legend_inside(ax)
    return ax


def plot_pieces(points: Sequence[tuple[int, int, Ratio, Ratio]], ax: Axes | None = None) -> Axes:
    """Draw the speedup by pieces: a mark for each (pieces, workers, speedup, ceiling).

    The newest mark is the largest. The bar above or below a mark is the ceiling at that time.
    """
    ax = new_axes(ax)
    counts = list(dict.fromkeys(workers for _, workers, _, _ in points))
    colors = {count: _WORKER_COLORS[i % len(_WORKER_COLORS)] for i, count in enumerate(counts)}
    named: set[int] = set()
    for pieces, workers, speedup, ceiling in points:
        draw_ceiling(ax, pieces, ceiling, size=16, label=None if named else CEILING_LABEL)
        plural = "s" if workers > 1 else ""
        draw_bar(ax, pieces, speedup, colors[workers])
        draw_mark(
            ax, pieces, speedup.median, (colors[workers], "osD^vP"[workers % 6]),
            newest=(pieces, workers, speedup, ceiling) == tuple(points[-1]),
            label=None if workers in named else f"{workers} worker{plural}",
        )  # fmt: skip
        named.add(workers)
    draw_one_loop(ax)
    highest = max(ratio.highest for point in points for ratio in point[2:])
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

    A bar is as long as the median; the line at its end reaches from the lowest round to the
    highest. The solid line is the machine's ceiling, with its range in gray; the dashed one is nine
    tenths of it. The dotted line is the loop: a bar that ends left of it is slower than the loop.
    """
    require("compared", compared, ProgramComparison, "Pass what compare_programs(…) returned.")
    ax = new_axes(ax, (6.6, 1.5 + 0.5 * len(compared.walls)))
    ceiling = compared.ceiling
    ax.axvspan(ceiling.lowest, ceiling.highest, color=GRAY, alpha=0.3, linewidth=0, zorder=0)
    for row, name in enumerate(compared.walls):
        speedup = compared.speedup_range(name)
        slower = speedup.median < _SAME[0]
        ax.barh(
            row, speedup.median, height=0.6, color=ORANGE if slower else BLUE,
            hatch="//" if slower else "", edgecolor=paper(),
        )  # fmt: skip
        draw_ratios(ax, [row], [speedup], color=BLACK, marker="none", across=True)
        note = f" {speedup.median:.2f}{_beside_the_loop(speedup.median)}"
        box = {"facecolor": paper(), "edgecolor": "none", "pad": 1, "alpha": 0.85}
        ax.annotate(note, (speedup.highest, row), va="center", bbox=box)
    # The words lie to either side of the two lines, so that they can be read where these meet.
    loop_side, ceiling_side = ("right", "left") if ceiling.median >= 1 else ("left", "right")
    for place, line, words, side in (
        (1, DOTTED, " loop ", loop_side),
        (NEAR * ceiling.median, "--", "", "center"),
        (ceiling.median, "-", " ceiling ", ceiling_side),
    ):  # fmt: skip
        ax.axvline(place, color=ink(), linewidth=1, linestyle=line)
        ax.annotate(words, (place, -0.55), ha=side, va="bottom", annotation_clip=False)
    ax.set_yticks(range(len(compared.walls)), list(compared.walls))
    longest = max(compared.speedup_range(name).highest for name in compared.walls)
    ax.set(
        xlabel=f"times as fast as one loop, with {compared.workers} workers\n"
        f"median and range of {compared.rounds} rounds; gray: the ceiling's range; "
        "dashed: 0.9 of the ceiling",
        xlim=(0, 1.25 * max(longest, ceiling.highest, 1.0)),
        ylim=(len(compared.walls) - 0.5, -0.5),
    )
    caption(ax, compared.disturbed())
    return ax


def _beside_the_loop(speedup: float) -> str:
    """Return a note for a program that is slower than the loop or as fast; empty if faster."""
    if speedup > _SAME[1]:
        return ""
    return " (slower than the loop)" if speedup < _SAME[0] else " (as the loop)"
