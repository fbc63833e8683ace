"""Pictures of what channels cost, and the same in words: Exchanges in, Axes or sentences out."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from helpers.measure.channels import SIZES, Exchange, Exchanges, in_bytes, in_seconds
from helpers.measure.transports import COPIED, IN_PLACE
from helpers.validation import bad_type

# https://jfly.uni-koeln.de/color/ (M. Okabe, K. Ito): colour, marker, line
STYLES = {
    "thread queue": ("#D55E00", "s", "--"),
    "process queue": ("#0072B2", "o", "-"),
    "pipe": ("#CC79A7", "^", "-."),
    IN_PLACE: ("#009E73", "D", ":"),
    COPIED: ("#56B4E9", "v", "--"),
    "manager": ("#000000", "X", "-"),
}
_SIZE = (8.2, 4.4)


def plot_channels(measured: Exchanges, ax: Axes | None = None) -> Axes:
    """Seconds a message and its answer took, by size, a line a channel; both axes logarithmic.

    Each line is named at its end, with the bytes that were moved for one byte of the message.
    """
    _check(measured)
    ax = ax or plt.subplots(figsize=_SIZE, layout="constrained")[1]
    sizes = measured.sizes
    ends = []
    for channel in measured.channels:
        colour, marker, line = STYLES[channel]
        seconds = [measured.of(channel, size).seconds for size in sizes]
        ax.plot(sizes, seconds, color=colour, marker=marker, linestyle=line, markersize=6)
        ends.append((seconds[-1], f"{channel}: {_times_moved(measured, channel)}", colour))
    _label_axes(ax)
    _name_ends(ax, ends)
    ax.set_title("A message to another worker and an answer back: time and bytes", loc="left")
    return ax


def add_points(ax: Axes, points: Sequence[Exchange]) -> None:
    """Draw single measurements into that picture, the newest larger; a bar spans its rounds."""
    for place, one in enumerate(points, 1):
        if not isinstance(one, Exchange):
            raise bad_type("points", one, "Exchanges of one size", "Pass what measure_one() gave.")
        colour, marker, _ = STYLES[one.channel]
        best, worst = one.seconds, max(one.rounds)
        ax.plot([one.size, one.size], [best, worst], color=colour, linewidth=1.5)
        ax.plot(
            one.size, best, color=colour, marker=marker, linestyle="none", zorder=3,
            markersize=13 if place == len(points) else 8, markeredgecolor="black",
        )  # fmt: skip


def channels_in_words(measured: Exchanges) -> list[str]:
    """What the picture shows, as sentences: the text alternative to it."""
    _check(measured)
    lines = []
    for channel in measured.channels:
        times = [measured.of(channel, size) for size in measured.sizes]
        told = ", ".join(f"{in_bytes(one.size)} {in_seconds(one.seconds)}" for one in times)
        lines.append(f"{channel}: {told}; {_times_moved(measured, channel)}")
    return [*lines, measured.note] if measured.note else lines


def _times_moved(measured: Exchanges, channel: str) -> str:
    """How often the bytes of the largest message were moved."""
    largest = measured.of(channel, measured.sizes[-1])
    times = round(largest.moved / largest.size)
    return {0: "nothing moved", 1: "moved once", 2: "moved twice"}.get(
        times, f"moved {times} times"
    )


def _label_axes(ax: Axes) -> None:
    ax.set(xscale="log", yscale="log", xlabel="size of the message")
    ax.set_ylabel("time (each line is ten times the last)")
    ax.xaxis.set_major_locator(FixedLocator(SIZES))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda size, _: in_bytes(float(size))))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda seconds, _: in_seconds(float(seconds))))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_minor_locator(NullLocator())
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis="y", color="#DDDDDD", linewidth=0.6)


def _name_ends(ax: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Name each line at its end, moved apart where names would lie on one another."""
    low, high = ax.get_ylim()
    ax.set_ylim(low, 8 * high)  # room for names below the title
    low, high = ax.get_ylim()
    last = -1.0
    for seconds, name, colour in sorted(ends):
        height = log(seconds / low) / log(high / low)
        last = max(height, last + 0.065)
        ax.annotate(
            name, (1.02, last), xycoords="axes fraction", va="center", annotation_clip=False,
            color="black" if colour in ("#CC79A7", "#009E73", "#56B4E9") else colour, fontsize=9,
        )  # fmt: skip


def _check(measured: object) -> None:
    if not isinstance(measured, Exchanges):
        raise bad_type("measured", measured, "Exchanges", "Pass what measure_channels() returned.")
