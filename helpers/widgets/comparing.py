"""A widget that adds each run to a picture of those before it: what the explorers have in common.

What is made of it says which runs share a picture, what to run, and how to draw and say it.
"""

from __future__ import annotations

import html
import threading
from abc import abstractmethod

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.measure.interpreter import OtherInterpreter
from helpers.widgets.bench import DOTS, INCHES, as_png
from helpers.widgets.running import Running

# Fixed, because a layout that fits itself costs half of the time of drawing.
MARGINS = {"left": 0.07, "right": 0.975, "bottom": 0.15, "top": 0.9, "wspace": 0.27}
LEFT = {"style": {"description_width": "6em"}, "layout": {"width": "23em"}}
RIGHT = {"style": {"description_width": "13em"}, "layout": {"width": "31em"}}
MOST_WORKERS = 32


class Comparing(Running):
    """Runs something on an interpreter of its own, in a thread, and draws it with earlier runs.

    Stop ends that interpreter and all it started, at once. The first run is made when the widget
    is, so that it shows something before anyone touches it.
    """

    def __init__(self, title: str, controls: w.Widget) -> None:
        self._drawing = threading.Lock()  # by the thread that measures and by a moved slider
        self._measured: dict[tuple, list] = {}
        super().__init__()
        self.lay_out(title, controls)
        self.run_first()

    @abstractmethod
    def key(self) -> tuple:
        """What the runs that share a picture have in common, as the controls say now."""

    @abstractmethod
    def measured_by(self, other: OtherInterpreter) -> object:
        """The result of what the controls say now, run by that interpreter."""

    @abstractmethod
    def plot(self, figure: Figure, results: list) -> None:
        """Draw the results of the runs that share a picture; the newest is the last."""

    @abstractmethod
    def sentences(self, results: list) -> list[str]:
        """What the picture shows."""

    @abstractmethod
    def result_in_words(self, result: object) -> str:
        """One result as a short sentence."""

    def measure(self) -> None:
        """Run what the controls say, and show it among the runs before."""
        key = self.key()
        with OtherInterpreter() as other:
            result = self.measured_by(other)
        self._measured.setdefault(key, []).append(result)
        self.status.value = html.escape(self.result_in_words(result))
        self.draw()

    def moved(self, *_: object) -> None:
        """To be called when a control is moved that chooses which runs are shown."""
        if self.stop_button.disabled:
            self.status.value = ""  # it was about other tasks
        self.draw()

    def draw(self) -> None:
        """Draw what was measured of what the controls say; nothing is measured."""
        results = self._measured.get(self.key(), [])
        if not results:
            self.words.value = "Not measured yet with these tasks: press <b>Run</b>."
            return
        with self._drawing:
            figure = Figure(figsize=INCHES, dpi=DOTS)  # a new one is cheaper than a cleared one
            self.plot(figure, results)
            self.picture.value = as_png(figure)
        self.say(self.sentences(results))
