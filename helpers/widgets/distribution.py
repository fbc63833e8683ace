"""The distribution explorer: deal uneven tasks to workers in chunks, and see who stands idle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as w
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers.machine import usable_cores
from helpers.plots import plot_timeline
from helpers.records import Run
from helpers.uneven import ORDERS, idle_in_words, idle_share, uneven_ranges
from helpers.widgets.bench import LEFT, RIGHT, Bench
from helpers.workers import count_primes

Key = tuple[int, int, int]
_TOTAL = 200_000  # numbers to test in all, however they are cut into tasks
_MOST_TASKS = 96
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
    chunksize: int
    order: str


class DistributionExplorer(Bench):
    """Controls to deal uneven tasks to the workers of a process pool, and how idle they were.

    The work is the same however it is cut. Runs of the same tasks with the same workers share a
    plot, in which the size of the chunks and the order of the tasks may differ.
    """

    def __init__(self) -> None:
        most = max(4, 2 * usable_cores())
        self.workers = w.IntSlider(value=2, min=1, max=most, description="workers", **LEFT)
        self.tasks = w.IntSlider(value=24, min=1, max=_MOST_TASKS, description="tasks", **LEFT)
        self.order = w.Dropdown(options=ORDERS, value=ORDERS[0], description="order", **LEFT)
        self.unevenness = w.SelectionSlider(
            options=[1, 2, 4, 8, 24, 100], value=24, description="longest / shortest", **RIGHT
        )
        self.chunksize = w.IntSlider(
            value=12, min=1, max=_MOST_TASKS, description="tasks in a chunk", **RIGHT
        )
        for control in (self.workers, self.tasks, self.unevenness):
            control.observe(self.moved, "value")
        super().__init__(
            "Distribution explorer: count primes, in tasks of uneven length",
            [self.workers, self.tasks, self.order],
            [self.unevenness, self.chunksize],
        )

    def __repr__(self) -> str:
        return "Distribution explorer: open this notebook in JupyterLab to use it"

    def key(self) -> Key:
        """Runs of the same tasks with the same workers share a plot."""
        return self.workers.value, self.tasks.value, self.unevenness.value

    def job(self) -> tuple[Callable, list, dict]:
        """The tasks in their order, on warm workers, in chunks."""
        workers, count, unevenness = self.key()
        self._dealt = self.chunksize.value, self.order.value
        tasks = uneven_ranges(count, unevenness, _TOTAL, self._dealt[1])
        options = {"engine": "processes", "workers": workers, "rounds": 2}
        return count_primes, tasks, {**options, "chunksize": self._dealt[0]}

    def kept(self, result: Run) -> Dealt:
        """The run, and how its tasks were dealt."""
        return Dealt(result, *self._dealt)

    def plot(self, left: Axes, right: Axes, results: list[Dealt]) -> None:
        """Idle time by size of chunks on the left, the newest run's timeline on the right."""
        _plot_idle(left, results)
        plot_timeline(results[-1].run, right)

    def in_words(self, result: Dealt) -> list[str]:
        """The result in a sentence, then what the timeline shows."""
        run = result.run
        how = f"{run.workers} workers, {len(run.records)} tasks, {result.order}"
        how = f"{how}, {result.chunksize} in a chunk: {run.wall:.3f} s"
        return [f"{how}; idle {idle_share(run):.0%}", how, *idle_in_words(run)]


def _plot_idle(ax: Axes, results: list[Dealt]) -> None:
    """How idle the workers were in each run so far, by the size of chunks; the newest larger."""
    named: set[str] = set()
    for one in results:
        colour, marker = _LOOKS[one.order]
        newest = one is results[-1]
        ax.plot(
            one.chunksize, 100 * idle_share(one.run), color=colour, marker=marker,
            markersize=10 if newest else 6, markeredgecolor="black" if newest else colour,
            linestyle="none", label=None if one.order in named else one.order,
        )  # fmt: skip
        named.add(one.order)
    most = max(one.chunksize for one in results)
    ax.set(
        xlabel="tasks in a chunk", ylabel="idle (% of all workers' time)",
        ylim=(0, 100), xlim=(0, most + 1),
    )  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize="small", loc="best")
