"""The break-even calculator: what a pool costs for tasks of any size, predicted and measured."""

from __future__ import annotations

import ipywidgets as w
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.engines.pool import PLAIN_LOOP
from helpers.engines.records import Run
from helpers.measure import cost_model, machine
from helpers.measure.chunking import loop_or_pool
from helpers.measure.interpreter import OtherInterpreter
from helpers.number_text import in_digits
from helpers.plots.speedup import draw_one_loop
from helpers.plots.style import (
    BLACK,
    BLUE,
    GRAY,
    ORANGE,
    PART_GRAY,
    PINK,
    engine_style,
    legend_inside,
    new_axes,
)
from helpers.validation import bad_value
from helpers.widgets.base import MARGINS, ResultWidget, sized, worker_slider
from helpers.workers.payloads import numbers_a_second

_MARGINS = {**MARGINS, "wspace": 0.3}
_SIZES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)  # milliseconds
_COUNTS = (10, 20, 50, 100, 200, 500, 1_000)
_CARRIED = {"nothing": 0, "1 kB": 1_000, "10 kB": 10_000, "100 kB": 100_000, "1 MB": 1_000_000}
_PARTS = {
    "starting workers": (PART_GRAY, ".."),
    "sending tasks": (ORANGE, "//"),
    "carrying bytes": (PINK, "xx"),
    "working": (BLUE, ""),
}
_LEFT = sized(7, 26)
_MOST_WORKERS = 16

Key = tuple[int, int, int, str]  # tasks, workers, bytes that each carries, start method
Point = tuple[float, float, float]  # seconds: the loop, the start of a pool, its work


class BreakEvenCalculator(ResultWidget):
    """Sliders for a program, the formula's prediction for it, and a button that measures it.

    The prediction starts from the machine's profile; only what a byte costs is measured when the
    widget is made. A run measures a plain loop and a new pool once, the start of its workers
    included. Points of the same tasks, workers, bytes and start method share the picture.
    """

    def __init__(self, milliseconds: float = 1, tasks: int = 100) -> None:
        if milliseconds not in _SIZES:
            raise bad_value("milliseconds", milliseconds, f"one of {_SIZES}", "Pass one of them.")
        if tasks not in _COUNTS:
            raise bad_value("tasks", tasks, f"one of {_COUNTS}", "Pass one of them.")
        self.profile = machine.known() or machine.profile()
        self.byte = cost_model.byte_seconds()
        self._speed = numbers_a_second()
        self._measured: dict[Key, list[Point]] = {}
        self._running_key = self._make_controls(milliseconds, tasks)
        rows = [
            w.VBox([self.milliseconds, self.tasks, self.workers]),
            w.VBox([self.carried, self.method]),
        ]
        super().__init__("Break-even: does a new pool pay for this program?", w.HBox(rows))

    def __repr__(self) -> str:
        return "Break-even calculator: open this notebook in JupyterLab to use it"

    def _make_controls(self, milliseconds: float, tasks: int) -> Key:
        """Make the sliders and return their values."""
        methods = [method for method in self.profile.starts if method != "thread"]
        usual = machine.default_start_method()
        self.milliseconds = w.SelectionSlider(
            options=_SIZES, value=milliseconds, description="ms in a task", **_LEFT
        )
        self.tasks = w.SelectionSlider(options=_COUNTS, value=tasks, description="tasks", **_LEFT)
        self.workers = worker_slider(2, _LEFT, _MOST_WORKERS)
        self.carried = w.SelectionSlider(
            options=list(_CARRIED.items()), value=0, description="each carries", **_LEFT
        )
        self.method = w.Dropdown(
            options=methods,
            value=usual if usual in methods else methods[0],
            description="start method",
            **_LEFT,
        )
        for control in (self.milliseconds, self.tasks, self.workers, self.carried, self.method):
            control.observe(lambda _: self.show(None), "value")
        return self._key()

    def costs(self) -> cost_model.Costs:
        """Return the costs behind the prediction, for the chosen start method."""
        return cost_model.from_profile(self.profile, self.method.value, self.byte)

    def load(self, other: OtherInterpreter) -> None:
        """Load a loop and a new pool, with the tasks that the sliders say now."""
        self._running_key = self._key()
        tasks, workers, carried, method = self._running_key
        length = max(1, round(self.milliseconds.value / 1e3 * self._speed))
        work = [(engine, workers, length, tasks, carried) for engine in (PLAIN_LOOP, method)]
        other.load(loop_or_pool, work)

    def draw(self, figure: Figure, result: Run | None) -> list[str]:
        """Draw the prediction for the sliders' values and the measurements; return the words."""
        if result is not None:
            (_, loop), (start, pool) = result.results
            self._measured.setdefault(self._running_key, []).append((loop, start, pool))
        points = self._measured.get(self._key(), [])
        left, right = figure.subplots(1, 2, width_ratios=(3, 2), gridspec_kw=_MARGINS)
        self._draw_speedup(new_axes(left), points)
        self._draw_parts(new_axes(right))
        return [*self.in_words(), *(self._point_in_words(*point) for point in points)]

    def in_words(self) -> list[str]:
        """Return the prediction as sentences."""
        model, seconds = self.costs(), self.milliseconds.value / 1e3
        tasks, workers, carried, _ = self._key()
        at = model.break_even(tasks, workers, carried)
        parts = model.parts(tasks, seconds, workers, carried)
        spent = ", ".join(f"{name} {in_digits(part * 1e3)} ms" for name, part in parts.items())
        return [
            f"predicted: the pool is {model.speedup(tasks, seconds, workers, carried):.2f} times "
            f"as fast as a loop ({in_digits(model.loop(tasks, seconds) * 1e3)} ms); {spent}",
            "predicted: no task is large enough, only one core can work"
            if at == float("inf")
            else f"predicted: {tasks} tasks pay from {in_digits(at * 1e3)} ms each on",
        ]

    def _key(self) -> Key:
        return self.tasks.value, self.workers.value, self.carried.value, self.method.value

    def _draw_speedup(self, ax: Axes, points: list[Point]) -> None:
        model, (tasks, workers, carried, method) = self.costs(), self._key()
        sizes = [10 ** (-5 + 3.5 * i / 50) for i in range(51)]
        color, marker, _ = engine_style(method)
        ax.plot(
            [size * 1e3 for size in sizes],
            [model.speedup(tasks, size, workers, carried) for size in sizes],
            color=BLACK, linewidth=1.2, label="predicted",
        )  # fmt: skip
        ax.plot(
            [1e3 * loop / tasks for loop, _, _ in points],
            [loop / (start + pool) for loop, start, pool in points],
            color=color, marker=marker, markeredgecolor=BLACK, markersize=9, linestyle="none",
            label="measured" if points else None,
        )  # fmt: skip
        draw_one_loop(ax)
        ax.axvline(self.milliseconds.value, color=GRAY, linewidth=1, linestyle="--")
        at = model.break_even(tasks, workers, carried) * 1e3
        if sizes[0] * 1e3 < at < sizes[-1] * 1e3:
            ax.plot(at, 1, color=BLACK, marker="X", markersize=9, linestyle="none",
                    label="predicted to break even")  # fmt: skip
        ax.set(xscale="log", xlabel="milliseconds of work in a task", ylim=(0, None))
        ax.set_ylabel("speedup of a new pool (times)")
        legend_inside(ax, "upper left")

    def _draw_parts(self, ax: Axes) -> None:
        tasks, workers, carried, _ = self._key()
        seconds, model = self.milliseconds.value / 1e3, self.costs()
        ax.barh(0, model.loop(tasks, seconds) * 1e3, 0.5, color=BLUE, edgecolor="white")
        left = 0.0
        for name, part in model.parts(tasks, seconds, workers, carried).items():
            color, hatch = _PARTS[name]
            ax.barh(1, part * 1e3, 0.5, left, color=color, hatch=hatch, edgecolor="white",
                    label=name)  # fmt: skip
            left += part * 1e3
        ax.set_yticks([0, 1], ["loop", "pool"])
        ax.set(xlabel="predicted milliseconds", ylim=(3.2, -0.5))
        legend_inside(ax, "lower left", columns=2)

    def _point_in_words(self, loop: float, start: float, pool: float) -> str:
        whole, (_, workers, _, method) = start + pool, self._key()
        return (
            f"measured once: {workers} workers by {method} took {in_digits(whole * 1e3)} ms, "
            f"{in_digits(start * 1e3)} ms of it to start, a loop {in_digits(loop * 1e3)} ms: "
            f"{loop / whole:.2f} times as fast"
        )
