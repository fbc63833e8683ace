"""The explorer: run any work under any engine with any number of workers, and look at it."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as w
from matplotlib.axes import Axes

from helpers.engines import available
from helpers.machine import usable_cores
from helpers.plots import STYLES, in_words, plot_timeline
from helpers.records import Sweep
from helpers.refusals import whole_number
from helpers.widgets.bench import LEFT, RIGHT, Bench
from helpers.workloads import Workload, workload

_MOST_TASKS, _MOST_WORKERS = 200, 32


class Explorer(Bench):
    """Controls to run one workload under any engine, and what came of it.

    Every press of Run measures, in turns: a plain loop, the chosen engine, and the machine's
    ceiling for this very work. Runs of the same tasks share a plot.
    """

    def __init__(
        self, work: str | Workload = "primes", *, tasks: int = 24, workers: int = 2
    ) -> None:
        self.work = work if isinstance(work, Workload) else workload(work)
        whole_number("tasks", tasks, 1, _MOST_TASKS, "Pass where the slider starts, e.g. 24.")
        whole_number("workers", workers, 1, _MOST_WORKERS, "Pass where the slider starts, e.g. 2.")
        self._make_controls(tasks, workers)
        super().__init__(
            f"Explorer: {self.work.says}", [self.engine, self.workers], [self.tasks, self.size]
        )

    def __repr__(self) -> str:
        return f"Explorer of {self.work.name}: open this notebook in JupyterLab to use it"

    def _make_controls(self, tasks: int, workers: int) -> None:
        engines = [engine for engine in available() if engine != "serial"]
        smallest, usual, largest = self.work.sizes
        self.engine = w.Dropdown(options=engines, value="processes", description="engine", **LEFT)
        most = min(max(4, 2 * usable_cores(), workers), _MOST_WORKERS)
        self.workers = w.IntSlider(value=workers, min=1, max=most, description="workers", **LEFT)
        self.tasks = w.IntSlider(value=tasks, min=1, max=_MOST_TASKS, description="tasks", **RIGHT)
        self.size = w.SelectionSlider(
            options=_steps(smallest, usual, largest),
            value=usual,
            description=self.work.unit,
            **RIGHT,
        )
        for control in (self.tasks, self.size):
            control.observe(self.moved, "value")

    def key(self) -> tuple[int, int]:
        """Runs of the same tasks share a plot."""
        return self.tasks.value, self.size.value

    def job(self) -> tuple[Callable, list, dict]:
        """A sweep of one engine with one number of workers."""
        engines, workers = (self.engine.value,), (self.workers.value,)
        tasks = self.work.tasks(*self.key())
        return self.work.worker, tasks, {"engines": engines, "workers": workers, "rounds": 2}

    def plot(self, left: Axes, right: Axes, results: list[Sweep]) -> None:
        """Speed-ups so far on the left, the newest run's timeline on the right."""
        _plot_runs(left, results)
        plot_timeline(results[-1].runs[0], right)

    def in_words(self, result: Sweep) -> list[str]:
        """The result in a sentence, then what the picture shows."""
        return [_result_in_words(result), *in_words(result), *in_words(result.runs[0])]


def _plot_runs(ax: Axes, sweeps: list[Sweep]) -> None:
    """Speed-up of each run so far by its workers, each against the loop measured beside it."""
    most = max(sweep.runs[0].workers for sweep in sweeps)
    ax.plot(
        [1, max(2, most)], [1, max(2, most)], color="#767676", linewidth=1, linestyle=(0, (1, 3))
    )
    middle = (1 + max(2, most)) / 2
    ax.annotate("ideal  ", (middle, middle), color="#767676", ha="right", va="bottom")
    named: set[str] = set()
    for sweep in sweeps:
        run = sweep.runs[0]
        colour, marker, _ = STYLES[run.engine]
        newest = sweep is sweeps[-1]
        ax.plot(
            run.workers, sweep.speedup(run.engine, run.workers), color=colour, marker=marker,
            markersize=10 if newest else 6, markeredgecolor="black" if newest else colour,
            linestyle="none", label=None if run.engine in named else run.engine,
        )  # fmt: skip
        ax.plot(run.workers, sweep.ceilings[run.workers], color="black", marker="_", markersize=16,
                linestyle="none", label=None if named else "this machine's ceiling")  # fmt: skip
        named.add(run.engine)
    ax.set(
        xlabel="workers", ylabel="speed-up over one loop (times)", ylim=(0, None), xlim=(0.5, None)
    )
    ax.locator_params(axis="y", nbins=5)  # every label costs a millisecond of drawing
    ax.set_xticks(range(1, max(2, most) + 1, max(1, most // 8)))
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize="small", loc="best")


def _result_in_words(sweep: Sweep) -> str:
    run = sweep.runs[0]
    return (
        f"{run.engine} × {run.workers}: {sweep.speedup(run.engine, run.workers):.2f} times as fast "
        f"as one loop; ceiling {sweep.ceilings[run.workers]:.2f}"
    )


def _steps(smallest: int, usual: int, largest: int) -> list[int]:
    """About ten sizes from the smallest to the largest, the usual one too, evenly in ratio."""
    ratio = (largest / smallest) ** (1 / 9)
    sizes = {smallest, usual, largest, *(_rounded(smallest * ratio**i) for i in range(1, 9))}
    return sorted(sizes)


def _rounded(value: float) -> int:
    digits = max(0, len(str(int(value))) - 2)
    return round(int(value), -digits)
