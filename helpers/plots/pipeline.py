"""Pictures of a line of processes with a queue in it: who waits when, and how long the queue is.

Waiting is hatched and light, work is plain and dark, so that a print in grey can be read.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers.measure.pipeline import KINDS, Flow
from helpers.validation import bad_type

_GREY = "#767676"  # 4.5 : 1 against white
_LOOKS = {  # Okabe and Ito's colours: face, edge, hatch, what the legend says
    "make": ("#E69F00", "#E69F00", "", "makes an item"),
    "put": ("white", "#D55E00", "////", "in put()"),
    "get": ("white", _GREY, "....", "in get()"),
    "use": ("#0072B2", "#0072B2", "", "uses an item"),
}
_LINES = (("#0072B2", "-"), ("#D55E00", "--"), ("#009E73", "-."), ("#000000", ":"))
_SIZE = (6.6, 3.4)


def plot_flow(flow: Flow, ax: Axes | None = None) -> Axes:
    """A lane for each process, and in it what it did when: make, put, get, use."""
    _check(flow)
    ax = _axes(ax)
    for kind in KINDS:
        face, edge, hatch, says = _LOOKS[kind]
        for row, who in enumerate(flow.who):
            bars = [
                (step.start, step.end - step.start)
                for step in flow.steps
                if (step.who, step.kind) == (who, kind)
            ]
            ax.broken_barh(
                bars, (row - 0.4, 0.8), facecolor=face, edgecolor=edge, hatch=hatch, linewidth=0.3,
                label=None if row else says,
            )  # fmt: skip
    ax.set_yticks(range(len(flow.who)), flow.who, fontsize=min(10, 110 / len(flow.who)))
    ax.set(xlabel="seconds", xlim=(0, flow.seconds), ylim=(len(flow.who) - 0.5, -0.5))
    ax.legend(
        loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, frameon=False, fontsize="small"
    )
    return ax


def plot_lengths(flows: dict[str, Flow], ax: Axes | None = None) -> Axes:
    """How many items were in the queue, from second to second: a line for each flow, named."""
    if not isinstance(flows, dict) or not flows:
        advice = "Pass {'no bound': run_pipeline(…)}."
        raise bad_type("flows", flows, "a dict of name: Flow", advice)
    ax = _axes(ax)
    for number, (name, flow) in enumerate(flows.items()):
        _check(flow)
        colour, line = _LINES[number % len(_LINES)]
        times, counts = zip(*flow.lengths, (flow.seconds, flow.lengths[-1][1]), strict=True)
        ax.step(times, counts, where="post", color=colour, linestyle=line, label=name)
        if flow.bound:
            ax.axhline(flow.bound, color=_GREY, linewidth=1, linestyle=(0, (1, 3)))
            end = (flow.seconds, flow.bound)
            ax.annotate("bound ", end, color=_GREY, ha="right", va="bottom", fontsize="small")
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    ax.set(
        xlabel="seconds",
        ylabel="items in the queue",
        xlim=(0, max(flow.seconds for flow in flows.values())),
        ylim=(0, 1.1 * max(1, *(max(flow.longest, flow.bound) for flow in flows.values()))),
    )
    if len(flows) > 1:
        ax.legend(frameon=False, fontsize="small", loc="best")
    return ax


def _axes(ax: Axes | None) -> Axes:
    if ax is None:
        _, ax = plt.subplots(figsize=_SIZE, layout="constrained")
    elif not isinstance(ax, Axes):
        raise bad_type("ax", ax, "matplotlib Axes or None", "Leave it out for a new picture.")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _check(flow: object) -> None:
    if not isinstance(flow, Flow):
        raise bad_type("flow", flow, "a Flow", "Pass what run_pipeline(…) returned.")
