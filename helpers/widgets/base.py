"""The base classes of the widgets that run something, and the parts that several widgets share.

Subclasses define the controls, the work and the drawing:

    RunWidget           Run, Stop, progress, status, picture and words; `measure` runs in a thread
    │                   ChannelExplorer, ClusterExplorer
    ├── ResultWidget    runs `load` on another interpreter, shows the result with `draw`
    │                   BreakEvenCalculator, DistributionExplorer, PipelineExplorer
    └── HistoryWidget   runs `measure_on` another interpreter, shows the result among earlier ones
                        with `plot` and `sentences`
                        Explorer, DecompositionExplorer

Which thread does what:

    kernel's thread     Run ─> start() ────────────────────────> Stop ─> stop()
                                  │                                        │ sets self.stopping
    another thread                └─> measure() ─> picture, words, status ─┴─> ends soon
                                         │
    other interpreter                    └─> the work, with all the processes it starts
"""

from __future__ import annotations

import html
import threading
import time
from abc import abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

import ipywidgets as w
import traitlets
from matplotlib.figure import Figure

from helpers.engines.pool import Stopped, WorkFailed
from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.machine import usable_cores
from helpers.plots.style import as_png

Drawn = TypeVar("Drawn")

WIDTH = 960  # pixels, in which a picture is shown; it is drawn at 1.5 times that
INCHES, DOTS = (9.6, 3.4), 150
FULL_WIDTH = "calc(100% - 4px)"  # every widget has a margin of 2 pixels
# Fixed, because a layout that fits itself costs half of the time of drawing.
MARGINS = {"left": 0.07, "right": 0.975, "bottom": 0.15, "top": 0.9, "wspace": 0.27}
MOST_WORKERS = 32


def sized(label: int, whole: int) -> dict[str, dict[str, str]]:
    """Return the arguments that make a control `whole` em wide, `label` em of it for its label."""
    return {"style": {"description_width": f"{label}em"}, "layout": {"width": f"{whole}em"}}


LEFT, RIGHT = sized(6, 23), sized(13, 31)


def worker_slider(
    value: int, size: dict[str, dict[str, str]], most: int = MOST_WORKERS
) -> w.IntSlider:
    """Return a slider for the number of workers, from 1 to at most `most`.

    It ends at twice the number of usable cores, to show what more workers than cores achieve, but
    not below 4 or `value`.
    """
    end = min(max(4, 2 * usable_cores(), value), most)
    return w.IntSlider(value=value, min=1, max=end, description="workers", **size)


class Picture(w.Image):
    """A PNG with a tooltip that says what it shows.

    ipywidgets 8.1 shows an error in place of an image that has a tooltip and no description.
    """

    description = traitlets.Unicode().tag(sync=True)


def new_picture(width: int = WIDTH) -> Picture:
    """Return an empty picture, `width` pixels wide, or narrower if there is less room."""
    return Picture(format="png", width=width, layout=w.Layout(max_width=FULL_WIDTH))


class RunWidget(w.VBox):
    """A widget that measures in a thread when Run is pressed, so that the notebook stays free.

    `abstractmethod` only marks what a subclass must define: the metaclass of a widget is the one of
    traitlets, which does not enforce it.
    """

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._thread: threading.Thread | None = None
        # Both the thread that measures and a slider that is moved meanwhile can draw.
        self._drawing = threading.RLock()
        self.run_button = w.Button(description="Run", icon="play", button_style="primary")
        self.stop_button = w.Button(description="Stop", icon="stop", disabled=True)
        self.bar = w.IntProgress(value=0, max=1, layout=w.Layout(width="14em"))
        self.status = w.HTML()
        self.picture = new_picture()
        self.words = w.HTML()
        self.run_button.on_click(lambda _: self.start())
        self.stop_button.on_click(lambda _: self.stop())
        super().__init__()

    def lay_out(self, title: str, controls: w.Widget, *more_buttons: w.Button) -> None:
        """Put the title and the controls above the buttons, the picture and its words below."""
        self.children = [
            w.HTML(f"<b>{html.escape(title)}</b>"),
            controls,
            w.HBox([self.run_button, self.stop_button, *more_buttons, self.bar]),
            self.status,
            self.picture,
            self.words,
        ]

    @abstractmethod
    def measure(self) -> None:
        """Measure what the controls say, and show it; return soon after `self.stopping` is set."""

    def start(self) -> None:
        """Start measuring in a thread, unless a run is under way. The Run button calls this."""
        if not self.wait(0):
            return
        self.stopping.clear()
        self._set_running(True)
        self.status.value = "measuring …"
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the run under way to end. The Stop button calls this."""
        self.stopping.set()

    def run_first(self) -> None:
        """Run once and wait, so that there is something to see before you press Run."""
        self.start()
        try:
            self.wait()
        except BaseException:  # an interrupt: end the run, too
            self.stop()
            self.wait(2)
            raise

    def wait(self, limit: float | None = None) -> bool:
        """Wait up to `limit` seconds for the end of the run under way; return whether it ended."""
        until = None if limit is None else time.monotonic() + limit
        thread = self._thread
        while thread is not None and thread.is_alive():
            left = 0.1 if until is None else min(0.1, until - time.monotonic())
            if left <= 0:
                return False
            thread.join(left)  # never long, so that an interrupt gets through on Windows, too
        return True

    def show_progress(self, done: int, total: int) -> None:
        """Show how much is done; pass this as `progress=` to a measurement."""
        self.bar.max, self.bar.value = total, done

    def show_picture(
        self,
        draw: Callable[[Figure], Drawn],
        inches: tuple[float, float] = INCHES,
        dots: int = DOTS,
        layout: str | None = None,
    ) -> Drawn:
        """Let `draw` fill a new figure, show the figure, and return what `draw` returned.

        The figure has `dots` pixels an inch. A new figure is cheaper than a cleared one.
        """
        with self._drawing:
            figure = Figure(figsize=inches, dpi=dots, layout=layout)
            drawn = draw(figure)
            self.picture.value = as_png(figure)
        return drawn

    def show_words(self, sentences: list[str]) -> None:
        """Show the sentences below the picture, and as its text alternative for screen readers."""
        self.words.value = "<br>".join(map(html.escape, sentences))
        self.picture.tooltip = ". ".join(sentences)

    def report(self, sentences: list[str]) -> None:
        """Show the first sentence above the picture, the others below, and all in its tooltip."""
        first, *others = sentences
        self.status.value = html.escape(first)
        self.show_words(others)
        self.picture.tooltip = ". ".join(sentences)

    def _work(self) -> None:
        """Measure, and show how it ended. The thread runs this."""
        try:
            self.measure()
        except Stopped:
            self.status.value = "stopped; nothing is left running"
        except WorkFailed as error:
            self.status.value = html.escape(str(error))
        except Exception as error:  # nothing above this thread would show it
            self.status.value = html.escape(f"{type(error).__name__}: {error}")
        finally:
            self._set_running(False)

    def _set_running(self, running: bool) -> None:
        self.run_button.disabled, self.stop_button.disabled = running, not running
        if not running:
            self.bar.value = 0


class FirstRunWidget(RunWidget):
    """A widget that runs something on another interpreter, the first time when it is made.

    So it shows something before you touch it. Stop ends that interpreter and all it started, at
    once.
    """

    def __init__(self, title: str, controls: w.Widget) -> None:
        super().__init__()
        self.lay_out(title, controls)
        self.run_first()


class ResultWidget(FirstRunWidget):
    """A widget that runs something on another interpreter and shows the result."""

    @abstractmethod
    def load(self, other: OtherInterpreter) -> None:
        """Load the call that the controls describe into the interpreter."""

    @abstractmethod
    def draw(self, figure: Figure, result: Any) -> list[str]:  # noqa: ANN401 (each has its own)
        """Draw the result; return it as sentences, the most important one first."""

    def measure(self) -> None:
        """Run it on another interpreter, and show the result."""
        with OtherInterpreter() as other:
            self.load(other)
            other.go()
            result = other.result(self.show_progress, self.stopping)
        self.show(result)

    def show(self, result: object) -> None:
        """Draw the result and show its sentences, without another thread drawing in between."""
        with self._drawing:
            self.report(self.show_picture(lambda figure: self.draw(figure, result)))


class HistoryWidget(FirstRunWidget):
    """A widget that runs something on another interpreter and shows it among the earlier runs."""

    def __init__(self, title: str, controls: w.Widget) -> None:
        self._results: dict[tuple, list] = {}  # by key, the newest last
        super().__init__(title, controls)

    @abstractmethod
    def key(self) -> tuple:
        """Return the settings that choose a picture: runs with equal keys share one."""

    @abstractmethod
    def measure_on(self, other: OtherInterpreter) -> object:
        """Run what the controls say now on that interpreter; return the result."""

    @abstractmethod
    def plot(self, figure: Figure, results: list) -> None:
        """Draw the results of the runs that share a picture; the newest is the last."""

    @abstractmethod
    def sentences(self, results: list) -> list[str]:
        """Return what the picture shows, as sentences."""

    @abstractmethod
    def result_in_words(self, result: Any) -> str:  # noqa: ANN401 (each has its own)
        """Return one result as a short sentence."""

    def measure(self) -> None:
        """Run what the controls say, and show it among the earlier runs."""
        key = self.key()
        with OtherInterpreter() as other:
            result = self.measure_on(other)
        self._results.setdefault(key, []).append(result)
        self.status.value = html.escape(self.result_in_words(result))
        self.redraw()

    def show_other_runs(self, *_: object) -> None:
        """Show the runs that the controls choose now. Call it when such a control has moved."""
        if self.stop_button.disabled:
            self.status.value = ""  # the status is about other tasks
        self.redraw()

    def redraw(self) -> None:
        """Draw the earlier runs of what the controls say; nothing is measured."""
        results = self._results.get(self.key(), [])
        if not results:
            self.words.value = "Not measured yet with these tasks: press <b>Run</b>."
            return
        self.show_picture(lambda figure: self.plot(figure, results))
        self.show_words(self.sentences(results))
