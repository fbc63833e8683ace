"""Pictures of a pipeline of processes: what each one does when, and how long the queue is.

Waiting is hatched and light, work is plain and dark, so that a gray print can be read.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers.measure.pipeline import KINDS, Flow
from helpers.plots.style import (
    BLACK,
    BLUE,
    DOTTED,
    GRAY,
    GREEN,
    ORANGE,
    RED,
    legend_above,
    legend_inside,
    new_axes,
    require_dict,
)
from helpers.validation import require

_LOOKS = {  # face, edge, hatch, what the legend says
    "make": (ORANGE, ORANGE, "", "makes an item"),
    "put": ("white", RED, "////", "in put()"),
    "get": ("white", GRAY, "....", "in get()"),
    "use": (BLUE, BLUE, "", "uses an item"),
}
_LINE_LOOKS = ((BLUE, "-"), (RED, "--"), (GREEN, "-."), (BLACK, ":"))
_SIZE = (6.6, 3.4)  # inches
_ADVICE = "Pass what run_pipeline(…) returned."


def plot_flow(flow: Flow, ax: Axes | None = None) -> Axes:
    """Draw a lane for each process, and in it what the process did when: make, put, get, use."""
    require("flow", flow, Flow, _ADVICE)
    ax = new_axes(ax, _SIZE)
    for kind in KINDS:
        face, edge, hatch, says = _LOOKS[kind]
        for row, process in enumerate(flow.processes):
            bars = [
                (step.start, step.end - step.start)
                for step in flow.steps
                if (step.who, step.kind) == (process, kind)
            ]
            ax.broken_barh(
                bars, (row - 0.4, 0.8), facecolor=face, edgecolor=edge, hatch=hatch, linewidth=0.3,
                label=None if row else says,
            )  # fmt: skip
    ax.set_yticks(
        range(len(flow.processes)), flow.processes, fontsize=min(10, 110 / len(flow.processes))
    )
    ax.set(xlabel="seconds", xlim=(0, flow.seconds), ylim=(len(flow.processes) - 0.5, -0.5))
    legend_above(ax, 4, fontsize="small")
    return ax


def plot_lengths(flows: dict[str, Flow], ax: Axes | None = None) -> Axes:
    """Draw how many items were in the queue at each time: a line for each flow, by its name."""
    require_dict("flows", flows, Flow, "Pass {'no bound': run_pipeline(…)}.")
    ax = new_axes(ax, _SIZE)
    for number, (name, flow) in enumerate(flows.items()):
        color, line = _LINE_LOOKS[number % len(_LINE_LOOKS)]
        times, counts = zip(*flow.lengths, (flow.seconds, flow.lengths[-1][1]), strict=True)
        ax.step(times, counts, where="post", color=color, linestyle=line, label=name)
        if flow.bound:
            ax.axhline(flow.bound, color=GRAY, linewidth=1, linestyle=DOTTED)
            end = (flow.seconds, flow.bound)
            ax.annotate("bound ", end, color=GRAY, ha="right", va="bottom", fontsize="small")
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    ax.set(
        xlabel="seconds",
        ylabel="items in the queue",
        xlim=(0, max(flow.seconds for flow in flows.values())),
        ylim=(0, 1.1 * max(1, *(max(flow.longest, flow.bound) for flow in flows.values()))),
    )
    if len(flows) > 1:
        legend_inside(ax)
    return ax
