"""Run, Stop, a bar, a status, a picture and its words, around work that goes on in a thread.

What is made of it says in `measure` what the thread does, and puts these parts among its own.
"""

from __future__ import annotations

import html
import io
import threading
import time
from abc import abstractmethod

import ipywidgets as w
import traitlets
from matplotlib.figure import Figure

from helpers.engines.pool import Stopped, WorkFailed
from helpers.measure.interpreter import OtherInterpreter

WIDTH = 960  # pixels, in which a picture is shown; it is drawn at 1.5 times that
FULL = "calc(100% - 4px)"  # every widget has a margin of 2 pixels


class Picture(w.Image):
    """An image that can say what it shows, as its tooltip.

    ipywidgets 8.1 shows an error in place of an image that has a tooltip and no description.
    """

    description = traitlets.Unicode().tag(sync=True)


class Running(w.VBox):
    """A widget that works when Run is pressed, in a thread, so that the notebook stays free."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.run_button = w.Button(description="Run", icon="play", button_style="primary")
        self.stop_button = w.Button(description="Stop", icon="stop", disabled=True)
        self.bar = w.IntProgress(value=0, max=1, layout=w.Layout(width="14em"))
        self.status = w.HTML()
        self.picture = Picture(format="png", width=WIDTH, layout=w.Layout(max_width=FULL))
        self.words = w.HTML()
        self.run_button.on_click(lambda _: self.start())
        self.stop_button.on_click(lambda _: self.stop())
        super().__init__()

    def lay_out(self, title: str, controls: w.Widget) -> None:
        """Put the title and the controls above the buttons, the picture and its words below."""
        self.children = [
            w.HTML(f"<b>{html.escape(title)}</b>"),
            controls,
            w.HBox([self.run_button, self.stop_button, self.bar]),
            self.status,
            self.picture,
            self.words,
        ]

    @abstractmethod
    def measure(self) -> None:
        """Measure what the controls say, and show it; `self.stopping` is set when it must end."""

    def start(self) -> None:
        """What the Run button does."""
        if not self.wait(0):
            return
        self.stopping.clear()
        self._set_running(True)
        self.status.value = "measuring …"
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """What the Stop button does."""
        self.stopping.set()

    def run_first(self) -> None:
        """Run once and wait, so that there is something to see before anyone presses Run."""
        self.start()
        try:
            self.wait()
        except BaseException:  # an interrupt: nothing of ours may run on
            self.stop()
            self.wait(2)
            raise

    def wait(self, limit: float | None = None) -> bool:
        """Return when the run under way has ended, or after `limit` seconds; whether it has."""
        until = None if limit is None else time.monotonic() + limit
        thread = self._thread
        while thread is not None and thread.is_alive():
            left = 0.1 if until is None else min(0.1, until - time.monotonic())
            if left <= 0:
                return False
            thread.join(left)  # never long, so that an interrupt gets through on Windows, too
        return True

    def show_progress(self, done: int, total: int) -> None:
        """To be passed as `progress=` to what measures."""
        self.bar.max, self.bar.value = total, done

    def say(self, sentences: list[str]) -> None:
        """Show these below the picture, and let a screen reader say them of it."""
        self.words.value = "<br>".join(map(html.escape, sentences))
        self.picture.tooltip = ". ".join(sentences)

    def report(self, sentences: list[str]) -> None:
        """Show the first of these beside the buttons, the others below; say all of the picture."""
        first, *others = sentences
        self.status.value = html.escape(first)
        self.say(others)
        self.picture.tooltip = ". ".join(sentences)

    def _work(self) -> None:
        try:
            self.measure()
        except Stopped:
            self.status.value = "stopped; nothing is left running"
        except WorkFailed as error:
            self.status.value = html.escape(str(error))
        except Exception as error:  # a thread has nobody else to tell
            self.status.value = html.escape(f"{type(error).__name__}: {error}")
        finally:
            self._set_running(False)

    def _set_running(self, running: bool) -> None:
        self.run_button.disabled, self.stop_button.disabled = running, not running
        if not running:
            self.bar.value = 0


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
