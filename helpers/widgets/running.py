"""Run, Stop, a bar, a status, a picture and its words, around work that goes on in a thread.

What is made of it says in `measure` what the thread does, and puts these parts among its own.
"""

from __future__ import annotations

import html
import threading
import time
from abc import abstractmethod

import ipywidgets as w
import traitlets

from helpers.engines.pool import Stopped, WorkFailed

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
