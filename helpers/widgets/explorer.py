"""The explorer: a workload under any engine with any number of workers, and what a run shows."""

from __future__ import annotations

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.engines.executors import available
from helpers.engines.records import Sweep
from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.sweeps import sweep
from helpers.plots.runs import in_words, plot_timeline
from helpers.plots.speedup import plot_explored
from helpers.validation import whole_number
from helpers.widgets.base import LEFT, MARGINS, MOST_WORKERS, RIGHT, HistoryWidget, worker_slider
from helpers.workers.workloads import Workload, workload

_MOST_TASKS = 200
_ROUNDS = 5  # a learner waits for them


class Explorer(HistoryWidget):
    """Controls to run one workload under any engine, and the results.

    Each press of Run measures, in turns: a plain loop, the chosen engine, and the machine's
    ceiling for this very work. Runs of the same tasks share a plot.
    """

    def __init__(
        self, work: str | Workload = "primes", *, tasks: int = 24, workers: int = 2
    ) -> None:
        self.work = work if isinstance(work, Workload) else workload(work)
        whole_number("tasks", tasks, 1, _MOST_TASKS, "Pass where the slider starts, e.g. 24.")
        whole_number("workers", workers, 1, MOST_WORKERS, "Pass where the slider starts, e.g. 2.")
        engines = [engine for engine in available() if engine != "serial"]
        smallest, usual, largest = self.work.sizes
        self.engine = w.Dropdown(options=engines, value="processes", description="engine", **LEFT)
        self.workers = worker_slider(workers, LEFT)
        self.tasks = w.IntSlider(value=tasks, min=1, max=_MOST_TASKS, description="tasks", **RIGHT)
        self.size = w.SelectionSlider(
            options=_steps(smallest, usual, largest),
            value=usual,
            description=self.work.unit,
            **RIGHT,
        )
        for control in (self.tasks, self.size):
            control.observe(self.show_other_runs, "value")
        left, right = w.VBox([self.engine, self.workers]), w.VBox([self.tasks, self.size])
        super().__init__(f"Explorer: {self.work.says}", w.HBox([left, right]))

    def __repr__(self) -> str:
        return f"Explorer of {self.work.name}: open this notebook in JupyterLab to use it"

    def key(self) -> tuple:
        """Return the number and the size of the tasks."""
        return self.tasks.value, self.size.value

    def measure_on(self, other: OtherInterpreter) -> Sweep:
        """Return a sweep of the chosen engine with the chosen number of workers."""
        other.load_call(
            sweep,
            worker=self.work.worker,
            tasks=self.work.tasks(self.tasks.value, self.size.value),
            engines=(self.engine.value,),
            workers=(self.workers.value,),
            rounds=_ROUNDS,
        )
        other.go()
        return other.result(self.show_progress, self.stopping)

    def plot(self, figure: Figure, results: list[Sweep]) -> None:
        """Draw the speedups so far on the left, the newest run's timeline on the right."""
        left, right = figure.subplots(1, 2, width_ratios=(2, 3), gridspec_kw=MARGINS)
        plot_explored(results, left)
        plot_timeline(results[-1].runs[0], right)

    def sentences(self, results: list[Sweep]) -> list[str]:
        """Return the newest sweep and its run in words."""
        return [*in_words(results[-1]), *in_words(results[-1].runs[0])]

    def result_in_words(self, result: Sweep) -> str:
        """Return the speedup and the ceiling, and whether the measurement was disturbed."""
        run = result.runs[0]
        said = (
            f"{run.engine} × {run.workers}: {result.speedup_range(run.engine, run.workers):.2f} "
            f"times as fast as one loop; ceiling {result.ceilings[run.workers]:.2f}"
        )
        return "; ".join([said, *result.disturbed()])


def _steps(smallest: int, usual: int, largest: int) -> list[int]:
    """Return about ten sizes from the smallest to the largest, evenly in ratio, with the usual."""
    ratio = (largest / smallest) ** (1 / 9)
    sizes = {smallest, usual, largest, *(_rounded(smallest * ratio**i) for i in range(1, 9))}
    return sorted(sizes)


def _rounded(value: float) -> int:
    """Return the value with two digits that are not 0."""
    digits = max(0, len(str(int(value))) - 2)
    return round(int(value), -digits)
