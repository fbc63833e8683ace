"""A bench: controls, Run and Stop, a bar, a picture and its words, for work done elsewhere.

What is made of it says which controls there are, what to run, and how to draw what came of it.
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

from helpers.elsewhere import OtherInterpreter
from helpers.pools import Stopped, WorkFailed

INCHES, DOTS, WIDTH = (9.6, 3.4), 150, 960  # drawn at 1.5 times the width it is shown in


class Picture(w.Image):
    """An image that can say what it shows, as its tooltip.

    ipywidgets 8.1 shows an error in place of an image that has a tooltip and no description.
    """

    description = traitlets.Unicode().tag(sync=True)


class Bench(w.VBox):
    """Runs something on an interpreter of its own, in a thread, so that the notebook stays free.

    Stop ends that interpreter and all it started, at once. The first run is made when the bench is,
    so that it shows something before anyone touches it.
    """

    def __init__(self, title: str, controls: w.Widget) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.run_button = w.Button(description="Run", icon="play", button_style="primary")
        self.stop_button = w.Button(description="Stop", icon="stop", disabled=True)
        self.bar = w.IntProgress(value=0, max=1, layout=w.Layout(width="14em"))
        self.status = w.HTML()
        full = w.Layout(max_width="calc(100% - 4px)")  # every widget has a margin of 2 pixels
        self.picture = Picture(format="png", width=WIDTH, layout=full)
        self.words = w.HTML()
        self.run_button.on_click(lambda _: self.start())
        self.stop_button.on_click(lambda _: self.stop())
        super().__init__(
            [
                w.HTML(f"<b>{html.escape(title)}</b>"),
                controls,
                w.HBox([self.run_button, self.stop_button, self.bar]),
                self.status,
                self.picture,
                self.words,
            ]
        )
        self._run()
        try:
            self.wait()
        except BaseException:  # an interrupt: nothing of ours may run on
            self.stop()
            self.wait(2)
            raise

    @abstractmethod
    def load(self, other: OtherInterpreter) -> None:
        """Give the interpreter what to run, by what the controls say now."""

    @abstractmethod
    def draw(self, figure: Figure, result: object) -> list[str]:
        """Draw what came of it; the same in words, a sentence each, the most important first."""

    def start(self) -> None:
        """What the Run button does."""
        if self.wait(0):
            self._run()

    def stop(self) -> None:
        """What the Stop button does."""
        self._stop.set()

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

    def _run(self) -> None:
        self._stop.clear()
        self._set_running(True)
        self.status.value = "running …"
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            with OtherInterpreter() as other:
                self.load(other)
                other.go()
                result = other.result(self._show_progress, self._stop)
            self._show(result)
        except Stopped:
            self.status.value = "stopped; nothing is left running"
        except WorkFailed as error:
            self.status.value = html.escape(str(error))
        except Exception as error:  # a thread has nobody else to tell
            self.status.value = html.escape(f"{type(error).__name__}: {error}")
        finally:
            self._set_running(False)

    def _show(self, result: object) -> None:
        figure = Figure(figsize=INCHES, dpi=DOTS)
        sentences = self.draw(figure, result)
        png = io.BytesIO()
        figure.savefig(png, format="png", pil_kwargs={"compress_level": 1})
        self.picture.value = png.getvalue()
        self.picture.tooltip = ". ".join(sentences)  # what a screen reader says of the picture
        self.words.value = "<br>".join(map(html.escape, sentences))
        self.status.value = html.escape(sentences[0])

    def _set_running(self, running: bool) -> None:
        self.run_button.disabled, self.stop_button.disabled = running, not running
        if not running:
            self.bar.value = 0

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.max, self.bar.value = total, done
