"""The picture of what a message costs over each channel, and its text alternative."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from helpers.measure.channels import SIZES, Exchange, Exchanges, in_bytes, in_seconds
from helpers.measure.transports import COPIED, IN_PLACE
from helpers.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    LINE_GRAY,
    PINK,
    RED,
    SKY,
    name_line_ends,
    new_axes,
)
from helpers.validation import require

CHANNEL_STYLES = {
    "thread queue": (RED, "s", "--"),
    "process queue": (BLUE, "o", "-"),
    "pipe": (PINK, "^", "-."),
    IN_PLACE: (GREEN, "D", ":"),
    COPIED: (SKY, "v", "--"),
    "manager": (BLACK, "X", "-"),
}
_SIZE = (8.2, 4.4)  # inches
_ADVICE = "Pass what measure_channels() returned."


def plot_channels(measured: Exchanges, ax: Axes | None = None) -> Axes:
    """Draw the seconds of a message and its answer by size, a line for each channel.

    Both axes are logarithmic. Each line is named at its end, with how often a byte was moved.
    """
    require("measured", measured, Exchanges, _ADVICE)
    ax = new_axes(ax, _SIZE)
    sizes = measured.sizes
    ends = []
    for channel in measured.channels:
        color, marker, line = CHANNEL_STYLES[channel]
        seconds = [measured.of(channel, size).seconds for size in sizes]
        ax.plot(sizes, seconds, color=color, marker=marker, linestyle=line, markersize=6)
        ends.append((seconds[-1], f"{channel}: {_times_moved(measured, channel)}", color))
    _label_axes(ax)
    _name_ends(ax, ends)
    ax.set_title("A message to another worker and an answer back: time and bytes", loc="left")
    return ax


def add_points(ax: Axes, points: Sequence[Exchange]) -> None:
    """Draw single measurements into that picture: the newest is larger, a bar spans its rounds."""
    for number, point in enumerate(points, 1):
        color, marker, _ = CHANNEL_STYLES[point.channel]
        span = [min(point.rounds), max(point.rounds)]
        ax.plot([point.size, point.size], span, color=color, linewidth=1.5)
        ax.plot(
            point.size, point.seconds, color=color, marker=marker, linestyle="none", zorder=3,
            markersize=13 if number == len(points) else 8, markeredgecolor=BLACK,
        )  # fmt: skip


def channels_in_words(measured: Exchanges) -> list[str]:
    """Return what the picture shows, as sentences: the text alternative to it."""
    require("measured", measured, Exchanges, _ADVICE)
    lines = []
    for channel in measured.channels:
        times = [measured.of(channel, size) for size in measured.sizes]
        told = ", ".join(f"{in_bytes(one.size)} {in_seconds(one.seconds)}" for one in times)
        lines.append(f"{channel}: {told}; {_times_moved(measured, channel)}")
    return [*lines, measured.note] if measured.note else lines


def _times_moved(measured: Exchanges, channel: str) -> str:
    """Return in words how often the bytes of the largest message were moved."""
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
    ax.grid(axis="y", color=LINE_GRAY, linewidth=0.6)


def _name_ends(ax: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Name each line at its end; `ends` has (seconds, name, color) for each."""
    low, high = ax.get_ylim()
    ax.set_ylim(low, 8 * high)  # room for names below the title
    low, high = ax.get_ylim()
    heights = [(log(seconds / low) / log(high / low), name, color) for seconds, name, color in ends]
    name_line_ends(ax, heights, gap=0.065, fontsize=9)
