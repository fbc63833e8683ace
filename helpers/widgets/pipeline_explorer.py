"""The pipeline explorer: producers, a queue and consumers, and which of them waits when."""

from __future__ import annotations

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.pipeline import Flow, flow_in_words, run_pipeline
from helpers.plots.pipeline import plot_flow, plot_lengths
from helpers.validation import whole_number
from helpers.widgets.base import LEFT, ResultWidget, sized

MOST_WORKERS, MOST_ITEMS, MOST_BOUND = 6, 1_000, 50
_MAKE, _USE = 0.004, 0.012  # seconds for an item
_SIZES = [100, 1_000, 10_000, 100_000, 1_000_000]
_BOUNDS = (0, 1, 2, 3, 5, 10, 20, MOST_BOUND)
# Fixed, because a layout that fits itself costs half of the time of drawing.
_MARGINS = {"left": 0.1, "right": 0.985, "bottom": 0.15, "top": 0.88, "wspace": 0.16}
_RIGHT = sized(11, 29)


class PipelineExplorer(ResultWidget):
    """Controls for a pipeline of real processes around one queue, and what happened in it.

    A producer takes 4 ms to make an item, a consumer 12 ms to use one. Each press of Run starts
    new processes on another interpreter; Stop ends that interpreter and all of them at once.
    """

    def __init__(
        self, *, producers: int = 1, consumers: int = 1, items: int = 60, bound: int = 0
    ) -> None:
        whole_number("producers", producers, 1, MOST_WORKERS, "Pass how many, e.g. producers=2.")
        whole_number("consumers", consumers, 1, MOST_WORKERS, "Pass how many, e.g. consumers=2.")
        whole_number("items", items, 1, MOST_ITEMS, "Pass how many, e.g. items=60.")
        whole_number("bound", bound, 0, MOST_BOUND, "Pass the queue's maxsize, or 0 for none.")
        self.producers = _slider("producers", producers, MOST_WORKERS, LEFT)
        self.consumers = _slider("consumers", consumers, MOST_WORKERS, LEFT)
        self.items = _slider("items", items, MOST_ITEMS, _RIGHT)
        sizes = [(f"{size:,}", size) for size in _SIZES]
        self.size = _choice("bytes an item", sizes, _SIZES[0])
        bounds = [(str(n) if n else "none", n) for n in sorted({*_BOUNDS, bound})]
        self.bound = _choice("queue's bound", bounds, bound)
        left = w.VBox([self.producers, self.consumers])
        right = w.VBox([self.items, self.size, self.bound])
        title = "Pipeline explorer: 4 ms to make an item, 12 ms to use it"
        super().__init__(title, w.HBox([left, right]))

    def __repr__(self) -> str:
        return "Pipeline explorer: open this notebook in JupyterLab to use it"

    def load(self, other: OtherInterpreter) -> None:
        """Load the pipeline that the sliders describe."""
        other.load_call(
            run_pipeline,
            producers=self.producers.value,
            consumers=self.consumers.value,
            items=self.items.value,
            size=self.size.value,
            bound=self.bound.value,
            make=_MAKE,
            use=_USE,
        )

    def draw(self, figure: Figure, result: Flow) -> list[str]:
        """Draw what each process did and the queue's length; return both in words."""
        left, right = figure.subplots(1, 2, width_ratios=(3, 2), gridspec_kw=_MARGINS)
        plot_flow(result, left)
        plot_lengths({"": result}, right)
        counted = "every item" if result.exactly_once else "NOT every item"
        return [*flow_in_words(result), f"{counted} came back exactly once"]


def _slider(name: str, value: int, most: int, size: dict) -> w.IntSlider:
    return w.IntSlider(value=value, min=1, max=most, description=name, **size)


def _choice(name: str, options: list, value: int) -> w.SelectionSlider:
    return w.SelectionSlider(options=options, value=value, description=name, **_RIGHT)
