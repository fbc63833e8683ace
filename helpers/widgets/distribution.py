"""The distribution explorer: deal uneven tasks to workers in chunks, and see who stands idle."""

from __future__ import annotations

from dataclasses import dataclass

import ipywidgets as w
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.engines.records import Run
from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.machine import usable_cores
from helpers.plots.runs import plot_timeline
from helpers.widgets.base import Bench
from helpers.workers.compute import count_primes
from helpers.workers.workloads import ORDERS, uneven_ranges

_TOTAL = 200_000  # numbers to test in all, however they are cut into tasks
_MOST_TASKS = 96
# Fixed, because a layout that fits itself costs half of the time of drawing.
_MARGINS = {"left": 0.07, "right": 0.975, "bottom": 0.15, "top": 0.9, "wspace": 0.3}
_LEFT = {"style": {"description_width": "6em"}, "layout": {"width": "23em"}}
_RIGHT = {"style": {"description_width": "11em"}, "layout": {"width": "29em"}}
# colour-blind-safe, and each with a marker of its own
_LOOKS = {
    "short ones first": ("#0072B2", "o"),
    "long ones first": ("#D55E00", "s"),
    "shuffled": ("#009E73", "D"),
}


@dataclass(frozen=True)
class Dealt:
    """A run, and how its tasks were dealt."""

    run: Run
    unevenness: int
    chunksize: int
    order: str

    def like(self, other: Dealt) -> bool:
        """Whether the other had the same tasks and workers, so that both share a plot."""
        mine, yours = (
            (one.run.workers, len(one.run.records), one.unevenness) for one in (self, other)
        )
        return mine == yours


class DistributionExplorer(Bench):
    """Controls to deal uneven tasks to the workers of a process pool, and how idle they were.

    The work is the same however it is cut. Runs of the same tasks with the same workers share a
    plot, in which the size of the chunks and the order of the tasks may differ.
    """

    def __init__(self) -> None:
        self.dealt: list[Dealt] = []
        most = max(4, 2 * usable_cores())
        self.workers = w.IntSlider(value=2, min=1, max=most, description="workers", **_LEFT)
        self.tasks = w.IntSlider(value=24, min=1, max=_MOST_TASKS, description="tasks", **_LEFT)
        self.order = w.Dropdown(options=ORDERS, value=ORDERS[0], description="order", **_LEFT)
        self.unevenness = w.SelectionSlider(
            options=[1, 2, 4, 8, 24, 100], value=24, description="longest / shortest", **_RIGHT
        )
        self.chunksize = w.IntSlider(
            value=12, min=1, max=_MOST_TASKS, description="tasks in a chunk", **_RIGHT
        )
        left = w.VBox([self.workers, self.tasks, self.order])
        right = w.VBox([self.unevenness, self.chunksize])
        title = "Distribution explorer: count primes, in tasks of uneven length"
        super().__init__(title, w.HBox([left, right]))

    def __repr__(self) -> str:
        return "Distribution explorer: open this notebook in JupyterLab to use it"

    def load(self, other: OtherInterpreter) -> None:
        """Give the interpreter the tasks that the controls say, to be dealt as they say."""
        self._how = self.unevenness.value, self.chunksize.value, self.order.value
        unevenness, chunksize, order = self._how
        other.load(
            count_primes,
            uneven_ranges(self.tasks.value, unevenness, _TOTAL, order),
            engine="processes",
            workers=self.workers.value,
            chunksize=chunksize,
            rounds=2,
        )

    def draw(self, figure: Figure, result: Run) -> list[str]:
        """Idle time by size of chunks on the left, the newest timeline on the right; in words."""
        newest = Dealt(result, *self._how)
        self.dealt.append(newest)
        left, right = figure.subplots(1, 2, width_ratios=(2, 3), gridspec_kw=_MARGINS)
        _plot_idle(left, [one for one in self.dealt if one.like(newest)])
        plot_timeline(result, right)
        how = f"{result.workers} workers, {len(result.records)} tasks, {newest.order}"
        return [
            f"{how}, {newest.chunksize} in a chunk: {result.wall:.3f} s, "
            f"idle {result.idle_share:.0%}",
            *result.idle_in_words(),
        ]


def _plot_idle(ax: Axes, dealt: list[Dealt]) -> None:
    """How idle the workers were in each run so far, by the size of chunks; the newest larger."""
    named: set[str] = set()
    for one in dealt:
        colour, marker = _LOOKS[one.order]
        newest = one is dealt[-1]
        ax.plot(
            one.chunksize, 100 * one.run.idle_share, color=colour, marker=marker,
            markersize=10 if newest else 6, markeredgecolor="black" if newest else colour,
            linestyle="none", label=None if one.order in named else one.order,
        )  # fmt: skip
        named.add(one.order)
    most = max(one.chunksize for one in dealt)
    ax.set(
        xlabel="tasks in a chunk", ylabel="idle (% of all workers' time)",
        ylim=(0, 100), xlim=(0, most + 1),
    )  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize="small", loc="best")
