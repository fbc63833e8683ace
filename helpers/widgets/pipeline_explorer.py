"""The pipeline explorer: producers, a queue and consumers, and who waits when."""

from __future__ import annotations

import io

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.pipeline import Flow, flow_in_words, run_pipeline
from helpers.plots.pipeline import plot_flow, plot_lengths
from helpers.validation import whole_number
from helpers.widgets.base import Running

MOST_WORKERS, MOST_ITEMS, MOST_BOUND = 6, 1_000, 50
_MAKE, _USE = 0.004, 0.012  # seconds for an item
_SIZES = [100, 1_000, 10_000, 100_000, 1_000_000]
_BOUNDS = (0, 1, 2, 3, 5, 10, 20, MOST_BOUND)
_INCHES, _DOTS = (9.6, 3.4), 150
# Fixed, because a layout that fits itself costs half of the time of drawing.
_MARGINS = {"left": 0.1, "right": 0.985, "bottom": 0.15, "top": 0.88, "wspace": 0.16}
_LEFT = {"style": {"description_width": "6em"}, "layout": {"width": "23em"}}
_RIGHT = {"style": {"description_width": "11em"}, "layout": {"width": "29em"}}


class PipelineExplorer(Running):
    """Controls for a line of real processes around one queue, and what happened on it.

    A producer needs 4 ms to make an item, a consumer 12 ms to use one. Every press of Run starts
    the processes anew, on an interpreter of their own; Stop ends that and all of them at once.
    """

    def __init__(
        self, *, producers: int = 1, consumers: int = 1, items: int = 60, bound: int = 0
    ) -> None:
        whole_number("producers", producers, 1, MOST_WORKERS, "Pass how many, e.g. producers=2.")
        whole_number("consumers", consumers, 1, MOST_WORKERS, "Pass how many, e.g. consumers=2.")
        whole_number("items", items, 1, MOST_ITEMS, "Pass how many, e.g. items=60.")
        whole_number("bound", bound, 0, MOST_BOUND, "Pass the queue's maxsize, or 0 for none.")
        super().__init__()
        self.producers = _slider("producers", producers, MOST_WORKERS, _LEFT)
        self.consumers = _slider("consumers", consumers, MOST_WORKERS, _LEFT)
        self.items = _slider("items", items, MOST_ITEMS, _RIGHT)
        sizes = [(f"{size:,}", size) for size in _SIZES]
        self.size = _choice("bytes an item", sizes, _SIZES[0])
        bounds = [(str(n) if n else "none", n) for n in sorted({*_BOUNDS, bound})]
        self.bound = _choice("queue's bound", bounds, bound)
        left = w.VBox([self.producers, self.consumers])
        right = w.VBox([self.items, self.size, self.bound])
        self.children = [
            w.HTML("<b>Pipeline explorer: 4 ms to make an item, 12 ms to use it</b>"),
            w.HBox([left, right]),
            w.HBox([self.run_button, self.stop_button, self.bar]),
            self.status,
            self.picture,
            self.words,
        ]
        self.run_first()

    def __repr__(self) -> str:
        return "Pipeline explorer: open this notebook in JupyterLab to use it"

    def measure(self) -> None:
        """Run the line that the sliders say, and show what happened on it."""
        with OtherInterpreter() as other:
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
            other.go()
            flow = other.result(self.show_progress, self.stopping)
        self.picture.value = _drawn(flow)
        counted = "every item" if flow.exactly_once else "NOT every item"
        self.report([*flow_in_words(flow), f"{counted} came back exactly once"])


def _drawn(flow: Flow) -> bytes:
    """Who did what when on the left, the queue's length on the right: a PNG."""
    figure = Figure(figsize=_INCHES, dpi=_DOTS)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2), gridspec_kw=_MARGINS)
    plot_flow(flow, left)
    plot_lengths({"": flow}, right)
    png = io.BytesIO()
    figure.savefig(png, format="png", pil_kwargs={"compress_level": 1})
    return png.getvalue()


def _slider(name: str, value: int, most: int, looks: dict) -> w.IntSlider:
    return w.IntSlider(value=value, min=1, max=most, description=name, **looks)


def _choice(name: str, options: list, value: int) -> w.SelectionSlider:
    return w.SelectionSlider(options=options, value=value, description=name, **_RIGHT)
