"""The distribution explorer: uneven tasks, dealt to workers in chunks, and how idle these are."""

from __future__ import annotations

from dataclasses import dataclass

import ipywidgets as w
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.engines.records import Run
from helpers.measure.interpreter import OtherInterpreter
from helpers.plots.runs import plot_timeline
from helpers.plots.style import BLUE, GREEN, RED, draw_mark, legend_inside, new_axes
from helpers.widgets.base import LEFT, MARGINS, ResultWidget, sized, worker_slider
from helpers.workers.compute import count_primes
from helpers.workers.workloads import ORDERS, uneven_ranges

_TOTAL = 200_000  # numbers to test in all, however they are cut into tasks
_MOST_TASKS = 96
_ROUNDS = 5  # the median of them is drawn
_MARGINS = {**MARGINS, "wspace": 0.3}
_RIGHT = sized(11, 29)
_LOOKS = {
    "short ones first": (BLUE, "o"),
    "long ones first": (RED, "s"),
    "shuffled": (GREEN, "D"),
}


@dataclass(frozen=True)
class Dealt:
    """A run, and how its tasks were dealt."""

    run: Run
    unevenness: int
    chunksize: int
    order: str

    def like(self, other: Dealt) -> bool:
        """Return whether the other has the same tasks and workers, so that both share a plot."""
        mine, yours = (
            (one.run.workers, len(one.run.records), one.unevenness) for one in (self, other)
        )
        return mine == yours


class DistributionExplorer(ResultWidget):
    """Controls to deal uneven tasks to the workers of a process pool, and their idle time.

    The work is the same however it is cut. Runs of the same tasks with the same workers share a
    plot, in which the size of the chunks and the order of the tasks may differ.
    """

    def __init__(self) -> None:
        self.dealt: list[Dealt] = []
        self._dealing = (0, 0, "")  # of the run under way: unevenness, chunk size, order
        self.workers = worker_slider(2, LEFT)
        self.tasks = w.IntSlider(value=24, min=1, max=_MOST_TASKS, description="tasks", **LEFT)
        self.order = w.Dropdown(options=ORDERS, value=ORDERS[0], description="order", **LEFT)
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
        """Load the tasks, the order and the size of chunks that the controls say now."""
        self._dealing = self.unevenness.value, self.chunksize.value, self.order.value
        unevenness, chunksize, order = self._dealing
        other.load(
            count_primes,
            uneven_ranges(self.tasks.value, unevenness, _TOTAL, order),
            engine="processes",
            workers=self.workers.value,
            chunksize=chunksize,
            rounds=_ROUNDS,
        )

    def draw(self, figure: Figure, result: Run) -> list[str]:
        """Draw idle time by chunk size on the left, the newest timeline on the right; in words."""
        newest = Dealt(result, *self._dealing)
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
    """Draw the idle share of the workers in each run so far, by the size of the chunks."""
    new_axes(ax)
    named: set[str] = set()
    for one in dealt:
        draw_mark(
            ax, one.chunksize, 100 * one.run.idle_share, _LOOKS[one.order],
            newest=one is dealt[-1], label=None if one.order in named else one.order,
        )  # fmt: skip
        named.add(one.order)
    most = max(one.chunksize for one in dealt)
    ax.set(
        xlabel="tasks in a chunk", ylabel="idle (% of all workers' time)",
        ylim=(0, 100), xlim=(0, most + 1),
    )  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    legend_inside(ax)
