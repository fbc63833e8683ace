"""Pictures of what things cost, and the same in words: what was measured in, Axes or text out.

As in plots.py: Okabe and Ito's colours, a marker or a line of its own for everything, names where
lines end. Each `…_in_words` is the text alternative to the picture before it.
"""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullFormatter, ScalarFormatter

from helpers.engines.records import Run
from helpers.measure.chunking import BreakEven
from helpers.measure.libraries import Compared
from helpers.measure.memory import Weight
from helpers.measure.pickling import Parcel
from helpers.measure.scaling import Scaling, amdahl, amdahl_with_start
from helpers.plots.runs import new_axes
from helpers.validation import all_of_kind, bad_type, of_kind

_BLUE, _ORANGE, _RED, _GREEN, _GREY = "#0072B2", "#E69F00", "#D55E00", "#009E73", "#767676"
_LOOKS = (
    (_BLUE, "o"),
    (_RED, "s"),
    (_GREEN, "^"),
    ("#CC79A7", "D"),
    (_ORANGE, "v"),
    ("black", "X"),
)
_DOTTED = (0, (1, 3))


def plot_weights(weights: Mapping[str, Weight], ax: Axes | None = None) -> Axes:
    """Megabytes that a worker takes, by kind: its own pages, its part of all, and every page."""
    all_of_kind("weights", weights, Weight, "Pass what weigh_workers() returned.")
    ax = new_axes(ax)
    kinds = {"uss": "USS: its own", "pss": "PSS: its part", "rss": "RSS: all that it sees"}
    for (kind, label), (colour, marker) in zip(kinds.items(), _LOOKS, strict=False):
        rows = [(i, getattr(one, kind)) for i, one in enumerate(weights.values())]
        known = [(row, max(value, 1e3) / 1e6) for row, value in rows if value is not None]
        ax.plot(
            [value for _, value in known], [row for row, _ in known], color=colour, marker=marker,
            markersize=9, linestyle="none", label=label,
        )  # fmt: skip
    ax.set_yticks(range(len(weights)), list(weights))
    ax.set(xscale="log", xlabel="megabytes a worker (each mark is ten times the last)")
    ax.set_ylim(len(weights) - 0.5, -0.5)
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False)
    return ax


def weights_in_words(weights: Mapping[str, Weight]) -> list[str]:
    """A sentence for each kind of worker."""
    all_of_kind("weights", weights, Weight, "Pass what weigh_workers() returned.")
    return [f"{kind}: {_memory(one)}" for kind, one in weights.items()]


def _memory(weight: Weight) -> str:
    parts = {"of its own (USS)": weight.uss, "with its part of what is shared (PSS)": weight.pss}
    said = [f"{value / 1e6:.2f} MB {name}" for name, value in parts.items() if value is not None]
    return ", ".join([*said, f"{weight.rss / 1e6:.2f} MB of RSS"])


def plot_parcels(parcels: Mapping[str, Parcel], ax: Axes | None = None) -> Axes:
    """Milliseconds to pickle and to rebuild each object, with the size of its pickle."""
    all_of_kind("parcels", parcels, Parcel, "Pass what parcels() returned.")
    ax = new_axes(ax)
    for row, one in enumerate(parcels.values()):
        ax.barh(row - 0.2, one.pickling * 1e3, 0.38, color=_BLUE, label="pickling")
        ax.barh(
            row + 0.2, one.rebuilding * 1e3, 0.38, color=_ORANGE, hatch="//", edgecolor="white",
            label="rebuilding",
        )  # fmt: skip
        longest = max(one.pickling, one.rebuilding) * 1e3
        ax.annotate(f"  {one.size / 1e3:,.0f} kB", (longest, row), va="center")
    ax.set_yticks(range(len(parcels)), list(parcels))
    ax.invert_yaxis()
    most = max(max(one.pickling, one.rebuilding) for one in parcels.values()) * 1e3
    ax.set(xscale="log", xlabel="milliseconds (each mark is ten times the last)")
    ax.set_xlim(None, 8 * most)
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(
        handles[:2], labels[:2], loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2,
        frameon=False,
    )  # fmt: skip
    return ax


def parcels_in_words(parcels: Mapping[str, Parcel]) -> list[str]:
    """A sentence for each object."""
    all_of_kind("parcels", parcels, Parcel, "Pass what parcels() returned.")
    return [
        f"{name}: {one.size / 1e3:,.0f} kB, {one.pickling * 1e3:.2f} ms to pickle, "
        f"{one.rebuilding * 1e3:.2f} ms to rebuild"
        for name, one in parcels.items()
    ]


def plot_idle(runs: Mapping[int, Run], ax: Axes | None = None) -> Axes:
    """The share of the workers' time that is idle, by how many tasks go in a message."""
    all_of_kind("runs", runs, Run, "Pass the Runs of in_turns.")
    ax = new_axes(ax)
    shares = [100 * run.idle_share for run in runs.values()]
    ax.plot(list(runs), shares, color=_BLUE, marker="o")
    for size, share in zip(runs, shares, strict=True):
        ax.annotate(f"{share:.0f} %", (size, share), xytext=(0, 8), textcoords="offset points",
                    ha="center")  # fmt: skip
    ax.set(
        xscale="log", ylim=(0, max(100.0, *shares) * 1.08), ylabel="idle (% of the workers' time)"
    )
    _ticks(ax, list(runs))
    ax.set_xlabel("tasks in a message")
    return ax


def idle_in_words(runs: Mapping[int, Run]) -> list[str]:
    """A sentence for each size of message."""
    all_of_kind("runs", runs, Run, "Pass the Runs of in_turns.")
    return [
        f"{size} tasks in a message: {run.wall * 1e3:.0f} ms, workers idle {run.idle_share:.0%}"
        for size, run in runs.items()
    ]


def plot_cuts(cuts: Mapping[int, Run], loop: Run, ax: Axes | None = None) -> Axes:
    """Seconds for the same work by the number of tasks that it is cut into, beside one loop."""
    all_of_kind("cuts", cuts, Run, "Pass the Runs of in_turns.")
    ax = new_axes(ax)
    ax.plot(list(cuts), [run.wall * 1e3 for run in cuts.values()], color=_BLUE, marker="o")
    ax.axhline(loop.wall * 1e3, color="black", linewidth=1, linestyle="--")
    ax.annotate("one loop", (max(cuts), loop.wall * 1e3), ha="right", va="bottom")
    ax.set(xscale="log", ylim=(0, None), ylabel="milliseconds for all of the work")
    _ticks(ax, list(cuts))
    ax.set_xlabel("tasks that the work is cut into")
    return ax


def cuts_in_words(cuts: Mapping[int, Run], loop: Run) -> list[str]:
    """What the cuts took, in one sentence, and the loop in another."""
    all_of_kind("cuts", cuts, Run, "Pass the Runs of in_turns.")
    times = ", ".join(f"{count} tasks {run.wall * 1e3:.0f} ms" for count, run in cuts.items())
    return [f"one loop: {loop.wall * 1e3:.0f} ms", f"cut into {times}"]


def plot_break_even(
    found: BreakEven, predicted: Mapping[str, float] | None = None, ax: Axes | None = None
) -> Axes:
    """Speed-up by size of a task, where it crosses 1, and where it was `predicted` to (seconds)."""
    of_kind("found", found, BreakEven, "Pass what find_break_even() returned.")
    ax = new_axes(ax)
    ax.plot([size * 1e6 for size, _ in found.points], [speedup for _, speedup in found.points],
            color=_BLUE, marker="o")  # fmt: skip
    ax.axhline(1, color=_GREY, linewidth=1, linestyle=_DOTTED)
    ax.annotate("as fast as a loop", (found.points[0][0] * 1e6, 1), va="bottom", color=_GREY)
    lines = {"measured": (found.at, "black", "-")}
    for (name, at), (colour, _) in zip((predicted or {}).items(), _LOOKS[1:], strict=False):
        lines[name] = (at, colour, "--")
    for row, (name, (at, colour, line)) in enumerate(lines.items()):
        if at is not None:
            ax.axvline(at * 1e6, color=colour, linestyle=line, linewidth=1.2)
            ax.annotate(f" {name}: {at * 1e6:.0f} µs", (at * 1e6, 0.93 - 0.09 * row),
                        xycoords=("data", "axes fraction"))  # fmt: skip
    ax.set(xscale="log", xlabel="microseconds of work in a task")
    ax.set_xlim(None, 5 * found.points[-1][0] * 1e6)  # room for the names of the lines
    ax.set_ylim(0, 1.4 * max(speedup for _, speedup in found.points))
    ax.set_ylabel(f"speed-up of {found.workers} processes (times)")
    return ax


def break_even_in_words(found: BreakEven) -> list[str]:
    """The points, and where they cross 1."""
    of_kind("found", found, BreakEven, "Pass what find_break_even() returned.")
    points = ", ".join(f"{speedup:.2f} at {size * 1e6:.0f} µs" for size, speedup in found.points)
    at = "beyond all of them" if found.at is None else f"at {found.at * 1e6:.0f} µs"
    return [f"speed-up by size of a task: {points}", f"break-even: {at}"]


def plot_scaling(scaling: Scaling, ax: Axes | None = None) -> Axes:
    """Speed-up by workers for each serial share, with Amdahl's line, ideal, ceiling, and start."""
    of_kind("scaling", scaling, Scaling, "Pass what scale() returned.")
    ax = new_axes(ax)
    counts = scaling.counts()
    fine = [1 + (counts[-1] - 1) * i / 60 for i in range(61)]
    ax.plot([1, counts[-1]], [1, counts[-1]], color=_GREY, linewidth=1, linestyle=_DOTTED,
            label="ideal")  # fmt: skip
    ax.plot([1, *counts], [1, *(scaling.ceilings[n] for n in counts)], color="black", marker="_",
            markersize=14, linewidth=1.2, label="this machine's ceiling")  # fmt: skip
    for serial, (colour, marker) in zip(scaling.serials(), _LOOKS, strict=False):
        share = scaling.share(serial)
        ax.plot(fine, [amdahl(n, share) for n in fine], color=colour, linewidth=0.9)
        ax.plot([1, *counts], [1, *(scaling.speedup(serial, n) for n in counts)], color=colour,
                marker=marker, linestyle="none", markersize=8,
                label=f"{share:.0%} serial: measured, and Amdahl's line")  # fmt: skip
    start = scaling.starts[counts[0]] / counts[0] / scaling.loop
    ax.plot(fine, [amdahl_with_start(n, 0.0, start) for n in fine], color=_BLUE, linestyle="--",
            linewidth=1.2, label="0 % serial, and the workers' start paid")  # fmt: skip
    ax.set(xlabel="workers", ylabel="speed-up over one loop (times)", ylim=(0, None))
    ax.set_xticks([1, *counts])
    ax.legend(loc="upper left", frameon=False, fontsize="small")
    return ax


def scaling_in_words(scaling: Scaling) -> list[str]:
    """For each serial share what was measured, what Amdahl's law allows, and what holds it back."""
    of_kind("scaling", scaling, Scaling, "Pass what scale() returned.")
    lines = [
        "this machine's ceiling: "
        + ", ".join(f"{scaling.ceilings[n]:.2f} with {n}" for n in scaling.counts())
    ]
    for serial in scaling.serials():
        each = "; ".join(
            f"{n} workers {scaling.speedup(serial, n):.2f} (Amdahl under the ceiling "
            f"{scaling.expected(serial, n):.2f}), held back by: {scaling.holds_back(serial, n)}"
            for n in scaling.counts()
        )
        lines.append(f"{scaling.share(serial):.0%} serial: {each}")
    return lines


def plot_compared(compared: Compared, ax: Axes | None = None) -> Axes:
    """How many times as long as the best each tool took, a row a work."""
    if not isinstance(compared, Compared):
        raise bad_type("compared", compared, "a Compared", "Pass what compare() returned.")
    ax = new_axes(ax)
    works = list(compared.seconds)
    for place, tool in enumerate(compared.tools):
        colour, marker = _LOOKS[place % len(_LOOKS)]
        rows = [row + 0.09 * (place - 2.5) for row in range(len(works))]
        ax.plot([compared.ratio(work, tool) for work in works], rows, color=colour, marker=marker,
                markersize=8, linestyle="none", label=tool)  # fmt: skip
    ax.axvline(1, color=_GREY, linewidth=1, linestyle=_DOTTED)
    ax.set_yticks(range(len(works)), works)
    ax.set_ylim(len(works) - 0.5, -0.5)
    ax.set(xscale="log", xlabel="times as long as the best (each mark is ten times the last)")
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=3, frameon=False)
    return ax


def _ticks(ax: Axes, places: list[int]) -> None:
    """Name each place on a logarithmic axis, and nothing else."""
    ax.xaxis.set_major_locator(FixedLocator(places))
    ax.xaxis.set_major_formatter(ScalarFormatter())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.minorticks_off()
