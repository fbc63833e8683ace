"""A bench: controls, Run and Stop, a bar, a picture and its words, for work done elsewhere.

What is made of it says which controls there are, what to run, and how to draw what came of it.
"""

from __future__ import annotations

import io
from abc import abstractmethod

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.measure.interpreter import OtherInterpreter
from helpers.widgets.running import Running

INCHES, DOTS = (9.6, 3.4), 150


class Bench(Running):
    """Runs something on an interpreter of its own, in a thread, so that the notebook stays free.

    Stop ends that interpreter and all it started, at once. The first run is made when the bench is,
    so that it shows something before anyone touches it.
    """

    def __init__(self, title: str, controls: w.Widget) -> None:
        super().__init__()
        self.lay_out(title, controls)
        self.run_first()

    @abstractmethod
    def load(self, other: OtherInterpreter) -> None:
        """Give the interpreter what to run, by what the controls say now."""

    @abstractmethod
    def draw(self, figure: Figure, result: object) -> list[str]:
        """Draw what came of it; the same in words, a sentence each, the most important first."""

    def measure(self) -> None:
        """Run it elsewhere, and show what came of it."""
        with OtherInterpreter() as other:
            self.load(other)
            other.go()
            result = other.result(self.show_progress, self.stopping)
        self.show(result)

    def show(self, result: object) -> None:
        """Draw it, and say it."""
        figure = Figure(figsize=INCHES, dpi=DOTS)
        sentences = self.draw(figure, result)
        self.picture.value = as_png(figure)
        self.report(sentences)


def as_png(figure: Figure) -> bytes:
    """The figure as a PNG, packed quickly rather than small."""
    png = io.BytesIO()
    figure.savefig(png, format="png", pil_kwargs={"compress_level": 1})
    return png.getvalue()
