"""Pictures of what parallel programs cost: memory, pickling, chunks, break-even, serial shares.

A mark is the median of the rounds; its bar reaches from the lowest round to the highest. Each
`…_in_words` is the text alternative to the picture before it.
"""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, LogFormatter, NullFormatter, ScalarFormatter

from helpers.engines.ratios import Ratio
from helpers.engines.records import Run
from helpers.measure.chunking import BreakEven
from helpers.measure.libraries import LibraryComparison
from helpers.measure.memory import Weight
from helpers.measure.pickling import PickleCost
from helpers.measure.scaling import Scaling, amdahl, amdahl_with_start
from helpers.plots.speedup import (
    CEILING_LABEL,
    draw_ceiling,
    draw_ideal,
    draw_one_loop,
    draw_ratios,
)
from helpers.plots.style import (
    BLUE,
    GRAY,
    LINE_GRAY,
    ORANGE,
    SERIES,
    caption,
    ink,
    legend_above,
    legend_inside,
    new_axes,
)
from helpers.validation import all_of_kind, require

_RUNS_ADVICE = "Pass the Runs of measure_cuts."


def plot_weights(weights: Mapping[str, Weight], ax: Axes | None = None) -> Axes:
    """Draw the megabytes that a worker takes: its own pages, its part of shared ones, all pages."""
    all_of_kind("weights", weights, Weight, "Pass what weigh_workers() returned.")
    ax = new_axes(ax)
    kinds = {"uss": "USS: its own", "pss": "PSS: its part", "rss": "RSS: all that it sees"}
    for (kind, label), (color, marker) in zip(kinds.items(), SERIES, strict=False):
        rows = [(i, getattr(one, kind)) for i, one in enumerate(weights.values())]
        known = [(row, max(value, 1e3) / 1e6) for row, value in rows if value is not None]
        ax.plot(
            [value for _, value in known], [row for row, _ in known], color=color, marker=marker,
            markersize=9, linestyle="none", label=label,
        )  # fmt: skip
    ax.set_yticks(range(len(weights)), list(weights))
    ax.set(xscale="log", xlabel="megabytes a worker (each mark is ten times the last)")
    ax.set_ylim(len(weights) - 0.5, -0.5)
    ax.grid(axis="x", color=LINE_GRAY, linewidth=0.6)
    legend_above(ax, 3)
    return ax


def weights_in_words(weights: Mapping[str, Weight]) -> list[str]:
    """Return a sentence for each kind of worker."""
    all_of_kind("weights", weights, Weight, "Pass what weigh_workers() returned.")
    return [f"{kind}: {_memory_in_words(one)}" for kind, one in weights.items()]


def _memory_in_words(weight: Weight) -> str:
    parts = {"of its own (USS)": weight.uss, "with its part of what is shared (PSS)": weight.pss}
    said = [f"{value / 1e6:.2f} MB {name}" for name, value in parts.items() if value is not None]
    return ", ".join([*said, f"{weight.rss / 1e6:.2f} MB of RSS"])


def plot_pickling(costs: Mapping[str, PickleCost], ax: Axes | None = None) -> Axes:
    """Draw the milliseconds to pickle and to rebuild each object, with the size of its pickle."""
    all_of_kind("costs", costs, PickleCost, "Pass what measure_pickling() returned.")
    ax = new_axes(ax)
    for row, one in enumerate(costs.values()):
        ax.barh(row - 0.2, one.pickling * 1e3, 0.38, color=BLUE,
                label=None if row else "pickling")  # fmt: skip
        ax.barh(
            row + 0.2, one.rebuilding * 1e3, 0.38, color=ORANGE, hatch="//", edgecolor="white",
            label=None if row else "rebuilding",
        )  # fmt: skip
        longest = max(one.pickling, one.rebuilding) * 1e3
        ax.annotate(f"  {one.size / 1e3:,.0f} kB", (longest, row), va="center")
    ax.set_yticks(range(len(costs)), list(costs))
    ax.invert_yaxis()
    most = max(max(one.pickling, one.rebuilding) for one in costs.values()) * 1e3
    ax.set(xscale="log", xlabel="milliseconds (each mark is ten times the last)")
    ax.set_xlim(None, 8 * most)
    legend_above(ax, 2)
    return ax


def pickling_in_words(costs: Mapping[str, PickleCost]) -> list[str]:
    """Return a sentence for each object."""
    all_of_kind("costs", costs, PickleCost, "Pass what measure_pickling() returned.")
    return [
        f"{name}: {one.size / 1e3:,.0f} kB, {one.pickling * 1e3:.2f} ms to pickle, "
        f"{one.rebuilding * 1e3:.2f} ms to rebuild"
        for name, one in costs.items()
    ]


def plot_idle(runs: Mapping[int, Run], ax: Axes | None = None) -> Axes:
    """Draw the idle share of the workers' time in the median round, by the tasks in a message."""
    all_of_kind("runs", runs, Run, _RUNS_ADVICE)
    ax = new_axes(ax)
    shares = [100 * run.idle_share for run in runs.values()]
    ax.plot(list(runs), shares, color=BLUE, marker="o")
    for size, share in zip(runs, shares, strict=True):
        ax.annotate(f"{share:.0f} %", (size, share), xytext=(0, 8), textcoords="offset points",
                    ha="center")  # fmt: skip
    ax.set(
        xscale="log", ylim=(0, max(100.0, *shares) * 1.08), ylabel="idle (% of the workers' time)"
    )
    _name_ticks(ax, list(runs))
    ax.set_xlabel("tasks in a message")
    return ax


def idle_in_words(runs: Mapping[int, Run]) -> list[str]:
    """Return a sentence for each size of message."""
    all_of_kind("runs", runs, Run, _RUNS_ADVICE)
    return [
        f"{size} {'task' if size == 1 else 'tasks'} in a message: {_milliseconds(run)}, "
        f"workers idle {run.idle_share:.0%} of the median round"
        for size, run in runs.items()
    ]


def plot_cuts(cuts: Mapping[int, Run], loop: Run, ax: Axes | None = None) -> Axes:
    """Draw the milliseconds for the same work by the tasks that it is cut into, beside one loop."""
    all_of_kind("cuts", cuts, Run, _RUNS_ADVICE)
    ax = new_axes(ax)
    walls = [_wall_range(run, 1e3) for run in cuts.values()]
    draw_ratios(ax, list(cuts), walls, color=BLUE, marker="o", line="-")
    of_loop = _wall_range(loop, 1e3)
    ax.axhspan(of_loop.lowest, of_loop.highest, color=GRAY, alpha=0.3, linewidth=0, zorder=0)
    ax.axhline(of_loop.median, color=ink(), linewidth=1, linestyle="--")
    ax.annotate("one loop", (max(cuts), of_loop.median), ha="right", va="bottom")
    ax.set(xscale="log", ylim=(0, None), ylabel="milliseconds for all of the work")
    _name_ticks(ax, list(cuts))
    ax.set_xlabel("tasks that the work is cut into (median and range of the rounds)")
    return ax


def cuts_in_words(cuts: Mapping[int, Run], loop: Run) -> list[str]:
    """Return what the loop took in one sentence, and what the cuts took in another."""
    all_of_kind("cuts", cuts, Run, _RUNS_ADVICE)
    times = ", ".join(f"{count} tasks {_milliseconds(run)}" for count, run in cuts.items())
    return [f"one loop: {_milliseconds(loop)}", f"cut into {times}"]


def _wall_range(run: Run, times: float = 1.0) -> Ratio:
    """Return the seconds of the median, the fastest and the slowest round, times that number."""
    return Ratio(times * run.wall, times * min(run.walls), times * max(run.walls))


def _milliseconds(run: Run) -> str:
    """Return the time of a run in words, with its range if there was more than one round."""
    if run.rounds == 1:
        return f"{run.wall * 1e3:.0f} ms"
    low, high = min(run.walls), max(run.walls)
    return f"{run.wall * 1e3:.0f} ms ({low * 1e3:.0f} to {high * 1e3:.0f})"


def plot_break_even(
    found: BreakEven, predicted: Mapping[str, float] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the speedup by size of a task, and where the line of the medians crosses 1.

    `predicted` has the predictions of that place by name, in seconds.
    """
    require("found", found, BreakEven, "Pass what find_break_even() returned.")
    ax = new_axes(ax)
    sizes, speedups = zip(*found.points, strict=True)
    draw_ratios(ax, [1e6 * size for size in sizes], speedups, color=BLUE, marker="o", line="-")
    draw_one_loop(ax)
    ax.annotate("as fast as a loop", (sizes[0] * 1e6, 1), va="bottom", color=GRAY)
    lines = {"measured": (found.at, ink(), "-")}
    looks = zip(SERIES[1:], ("--", ":", "-."), strict=False)
    for (name, at), ((color, _), line) in zip((predicted or {}).items(), looks, strict=False):
        lines[name] = (at, color, line)
    for row, (name, (at, color, line)) in enumerate(lines.items()):
        if at is not None:
            ax.axvline(at * 1e6, color=color, linestyle=line, linewidth=1.2)
            ax.annotate(f" {name}: {at * 1e6:.0f} µs", (at * 1e6, 0.93 - 0.09 * row),
                        xycoords=("data", "axes fraction"))  # fmt: skip
    ax.set(xscale="log", xlabel="microseconds of work in a task (median and range of the rounds)")
    ax.set_xlim(None, 5 * sizes[-1] * 1e6)  # room for the names of the lines
    ax.set_ylim(0, 1.4 * max(speedup.highest for speedup in speedups))
    ax.set_ylabel(f"speedup of {found.workers} processes (times)")
    return ax


def break_even_in_words(found: BreakEven) -> list[str]:
    """Return the points and where their medians cross 1, as sentences."""
    require("found", found, BreakEven, "Pass what find_break_even() returned.")
    points = ", ".join(f"{speedup:.2f} at {size * 1e6:.0f} µs" for size, speedup in found.points)
    at = "beyond all of them" if found.at is None else f"at {found.at * 1e6:.0f} µs"
    return [
        f"speedup over a plain loop by size of a task, median (lowest to highest): {points}",
        f"break-even: {at}",
    ]


def plot_scaling(scaling: Scaling, ax: Axes | None = None) -> Axes:
    """Draw the speedup by workers for each serial share, beside Amdahl's line.

    The ideal, the machine's ceiling and what the start of the workers costs are lines, too. Marks
    of one number of workers lie beside one another, so that their bars can be told apart.
    """
    require("scaling", scaling, Scaling, "Pass what scale() returned.")
    ax = new_axes(ax)
    counts = scaling.counts()
    fine = [1 + (counts[-1] - 1) * i / 60 for i in range(61)]
    ceilings = [scaling.ceilings[n] for n in counts]
    draw_ceiling(ax, counts, ceilings, size=14, line="-", label=CEILING_LABEL)
    for place, (serial, (color, marker)) in enumerate(zip(scaling.serials(), SERIES, strict=False)):
        share = scaling.share(serial)
        if serial:  # without a serial part, Amdahl's line is the ideal
            ax.plot(fine, [amdahl(n, share) for n in fine], color=color, linewidth=0.9, zorder=1)
        speedups = [scaling.speedup_range(serial, n) for n in counts]
        beside = [n + 0.07 * (place + 1) for n in counts]
        draw_ratios(ax, beside, speedups, color=color, marker=marker,
                    label=f"{share:.0%} serial: measured, and Amdahl's line"
                    if serial else "0% serial: measured; Amdahl's line is the ideal")  # fmt: skip
    start = scaling.starts[counts[0]] / counts[0] / scaling.loop
    ax.plot(fine, [amdahl_with_start(n, 0.0, start) for n in fine], color=BLUE, linestyle="--",
            linewidth=1.2, label="0% serial, and the workers' start paid")  # fmt: skip
    draw_ideal(ax, [1, counts[-1]], label="ideal")
    ax.set(
        xlabel=f"workers (median and range of {scaling.rounds} rounds)",
        ylabel="speedup over one loop (times)", ylim=(0, 1.35 * counts[-1]),
    )  # fmt: skip
    ax.set_xticks([1, *counts])
    legend_inside(ax, "upper left")
    caption(ax, scaling.disturbed())
    return ax


def scaling_in_words(scaling: Scaling) -> list[str]:
    """Return for each serial share what was measured, what Amdahl allows and what holds it back."""
    require("scaling", scaling, Scaling, "Pass what scale() returned.")
    lines = [
        f"medians of {scaling.rounds} rounds, in brackets the lowest and the highest",
        "this machine's ceiling: "
        + ", ".join(f"{scaling.ceilings[n]:.2f} with {n}" for n in scaling.counts()),
    ]
    for serial in scaling.serials():
        each = "; ".join(
            f"{n} workers {scaling.speedup_range(serial, n):.2f}, Amdahl under the ceiling "
            f"{scaling.expected(serial, n):.2f}, held back by: {scaling.holds_back(serial, n)}"
            for n in scaling.counts()
        )
        lines.append(f"{scaling.share(serial):.0%} serial: {each}")
    return [*lines, *scaling.disturbed()]


def plot_libraries(compared: LibraryComparison, ax: Axes | None = None) -> Axes:
    """Draw how many times as long as the best tool each tool took, a row for each workload."""
    require("compared", compared, LibraryComparison, "Pass what compare_libraries() returned.")
    ax = new_axes(ax)
    workloads = list(compared.seconds)
    for place, tool in enumerate(compared.tools):
        color, marker = SERIES[place % len(SERIES)]
        rows = [
            row + 0.12 * (place - (len(compared.tools) - 1) / 2) for row in range(len(workloads))
        ]
        ratios = [compared.ratio_range(workload, tool) for workload in workloads]
        draw_ratios(ax, rows, ratios, color=color, marker=marker, label=tool, across=True)
    draw_one_loop(ax, across=True)
    ax.set_yticks(range(len(workloads)), workloads)
    ax.set_ylim(len(workloads) - 0.5, -0.5)
    ax.set(
        xscale="log",
        xlabel=f"times as long as the best\nmedian and range of {compared.rounds} rounds",
    )
    ax.xaxis.set_major_formatter(LogFormatter())
    ax.xaxis.set_minor_formatter(LogFormatter())
    legend_above(ax, 3, x=0.4)
    return ax


def _name_ticks(ax: Axes, places: list[int]) -> None:
    """Name each place on a logarithmic axis, and nothing else."""
    ax.xaxis.set_major_locator(FixedLocator(places))
    ax.xaxis.set_major_formatter(ScalarFormatter())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.minorticks_off()
