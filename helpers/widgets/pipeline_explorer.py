"""The pipeline explorer: producers, a queue and consumers, and who waits when."""

from __future__ import annotations

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.elsewhere import OtherInterpreter
from helpers.flow import Flow, flow_in_words
from helpers.flow_plots import plot_flow, plot_lengths
from helpers.pipeline import run_pipeline
from helpers.refusals import whole_number
from helpers.widgets.bench import Bench

MOST_WORKERS, MOST_ITEMS, MOST_BOUND = 6, 1_000, 50
_MAKE, _USE = 0.004, 0.012  # seconds for an item
_SIZES = [100, 1_000, 10_000, 100_000, 1_000_000]
_BOUNDS = [("none", 0), *((str(n), n) for n in (1, 2, 3, 5, 10, 20, MOST_BOUND))]
# Fixed, because a layout that fits itself costs half of the time of drawing.
_MARGINS = {"left": 0.1, "right": 0.985, "bottom": 0.15, "top": 0.88, "wspace": 0.16}
_LEFT = {"style": {"description_width": "6em"}, "layout": {"width": "23em"}}
_RIGHT = {"style": {"description_width": "11em"}, "layout": {"width": "29em"}}


class PipelineExplorer(Bench):
    """Controls for a line of real processes around one queue, and what happened on it.

    A producer needs 4 ms to make an item, a consumer 12 ms to use one. Every press of Run starts
    the processes anew, on an interpreter of their own; Stop ends them all at once.
    """

    def __init__(
        self, *, producers: int = 1, consumers: int = 1, items: int = 60, bound: int = 0
    ) -> None:
        whole_number("producers", producers, 1, MOST_WORKERS, "Pass how many, e.g. producers=2.")
        whole_number("consumers", consumers, 1, MOST_WORKERS, "Pass how many, e.g. consumers=2.")
        whole_number("items", items, 1, MOST_ITEMS, "Pass how many, e.g. items=60.")
        whole_number("bound", bound, 0, MOST_BOUND, "Pass the queue's maxsize, or 0 for none.")
        self.producers = _slider("producers", producers, MOST_WORKERS, _LEFT)
        self.consumers = _slider("consumers", consumers, MOST_WORKERS, _LEFT)
        self.items = _slider("items", items, MOST_ITEMS, _RIGHT)
        self.size = w.SelectionSlider(
            options=[(f"{size:,}", size) for size in _SIZES],
            value=_SIZES[0],
            description="bytes an item",
            **_RIGHT,
        )
        bounds = _BOUNDS if bound in dict(_BOUNDS).values() else [*_BOUNDS, (str(bound), bound)]
        self.bound = w.SelectionSlider(
            options=sorted(bounds, key=lambda one: one[1]),
            value=bound,
            description="queue's bound",
            **_RIGHT,
        )
        left = w.VBox([self.producers, self.consumers])
        right = w.VBox([self.items, self.size, self.bound])
        title = "Pipeline explorer: 4 ms to make an item, 12 ms to use it"
        super().__init__(title, w.HBox([left, right]))

    def __repr__(self) -> str:
        return "Pipeline explorer: open this notebook in JupyterLab to use it"

    def load(self, other: OtherInterpreter) -> None:
        """Give the interpreter the line that the sliders say."""
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
        """Who did what when on the left, the queue's length on the right; the same in words."""
        left, right = figure.subplots(1, 2, width_ratios=(3, 2), gridspec_kw=_MARGINS)
        plot_flow(result, left)
        plot_lengths({"": result}, right)
        counted = "every item" if result.exactly_once else "NOT every item"
        return [*flow_in_words(result), f"{counted} came back exactly once"]


def _slider(name: str, value: int, most: int, looks: dict) -> w.IntSlider:
    return w.IntSlider(value=value, min=1, max=most, description=name, **looks)
