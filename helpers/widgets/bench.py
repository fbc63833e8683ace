"""What the explorers have in common: controls, Run and Stop, a picture, and the same in words."""

from __future__ import annotations

import html
import io
import threading
import time
from collections.abc import Callable

import ipywidgets as w
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.elsewhere import OtherInterpreter
from helpers.pools import Stopped, WorkFailed
from helpers.records import Run, Sweep

_INCHES, _DOTS, _WIDTH = (9.6, 3.4), 150, 960  # drawn at 1.5 times the width it is shown in
# Fixed, because a layout that fits itself costs half of the time of drawing.
_MARGINS = {"left": 0.07, "right": 0.975, "bottom": 0.15, "top": 0.9, "wspace": 0.27}
_FULL = "calc(100% - 4px)"  # every widget has a margin of 2 pixels
LEFT = {"style": {"description_width": "6em"}, "layout": {"width": "23em"}}
RIGHT = {"style": {"description_width": "13em"}, "layout": {"width": "31em"}}


class _Picture(w.Image):
    """An image that can say what it shows, as its tooltip.

    ipywidgets 8.1 shows an error in place of an image that has a tooltip and no description.
    """

    description = traitlets.Unicode().tag(sync=True)


class Bench(w.VBox):
    """Controls for a measurement, and what came of it; a kind of bench says what is measured.

    A run happens on an interpreter of its own, in a thread, so that the notebook stays free; Stop
    ends that interpreter and all it started. Runs with the same `key` share a plot. The first run
    starts at once, and is waited for.
    """

    def __init__(self, title: str, left: list[w.Widget], right: list[w.Widget]) -> None:
        self._drawing = threading.Lock()  # by the thread that measures and by a moved slider
        self._measured: dict[tuple, list] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.run_button = w.Button(description="Run", icon="play", button_style="primary")
        self.stop_button = w.Button(description="Stop", icon="stop", disabled=True)
        self.bar = w.IntProgress(value=0, max=1, layout=w.Layout(width="14em"))
        self.status = w.HTML()
        self.picture = _Picture(format="png", width=_WIDTH, layout=w.Layout(max_width=_FULL))
        self.words = w.HTML()
        self.run_button.on_click(lambda _: self.start())
        self.stop_button.on_click(lambda _: self.stop())
        super().__init__(
            [
                w.HTML(f"<b>{html.escape(title)}</b>"),
                w.HBox([w.VBox(left), w.VBox(right)]),
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

    def key(self) -> tuple:
        """What runs must have in common to share a plot, as the controls say now."""
        raise NotImplementedError

    def job(self) -> tuple[Callable, list, dict]:
        """What Run measures, as the controls say now: worker, tasks, and options of `measure`."""
        raise NotImplementedError

    def kept(self, result: Run | Sweep) -> object:
        """What is kept of a result, for `plot` and `in_words`."""
        return result

    def plot(self, left: Axes, right: Axes, results: list) -> None:
        """Draw the results that share a plot, the newest last."""
        raise NotImplementedError

    def in_words(self, result: object) -> list[str]:
        """What the picture shows of the newest result, as sentences; the first is the shortest."""
        raise NotImplementedError

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

    def start(self) -> None:
        """What the Run button does."""
        if self.wait(0):
            self._run()

    def stop(self) -> None:
        """What the Stop button does."""
        self._stop.set()

    def draw(self) -> None:
        """Draw what was measured of the tasks that the controls say; nothing is measured."""
        results = self._measured.get(self.key(), [])
        if not results:
            self.words.value = "Not measured yet with these tasks: press <b>Run</b>."
            return
        with self._drawing:
            self.picture.value = self._drawn(results)
        sentences = self.in_words(results[-1])[1:]
        self.words.value = "<br>".join(map(html.escape, sentences))
        self.picture.tooltip = ". ".join(sentences)  # what a screen reader says of the picture

    def moved(self, *_: object) -> None:
        """What a control does that belongs to the key."""
        if self.stop_button.disabled:
            self.status.value = ""  # it was about other tasks
        self.draw()

    def _run(self) -> None:
        self._stop.clear()
        self._set_running(True)
        self.status.value = "measuring …"
        self._thread = threading.Thread(target=self._measure, daemon=True)
        self._thread.start()

    def _measure(self) -> None:
        key = self.key()
        try:
            worker, tasks, options = self.job()
            with OtherInterpreter() as other:
                other.load(worker, tasks, **options)
                other.go()
                result = self.kept(other.result(self._show_progress, self._stop))
        except Stopped:
            self.status.value = "stopped; nothing is left running"
        except WorkFailed as error:
            self.status.value = html.escape(str(error))
        except Exception as error:  # a thread has nobody else to tell
            self.status.value = html.escape(f"{type(error).__name__}: {error}")
        else:
            self._measured.setdefault(key, []).append(result)
            self.status.value = html.escape(self.in_words(result)[0])
            self.draw()
        finally:
            self._set_running(False)

    def _set_running(self, running: bool) -> None:
        self.run_button.disabled, self.stop_button.disabled = running, not running
        if not running:
            self.bar.value = 0

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.max, self.bar.value = total, done

    def _drawn(self, results: list) -> bytes:
        figure = Figure(figsize=_INCHES, dpi=_DOTS)  # a new one is cheaper than a cleared one
        left, right = figure.subplots(1, 2, width_ratios=(2, 3), gridspec_kw=_MARGINS)
        self.plot(left, right, results)
        png = io.BytesIO()
        figure.savefig(png, format="png", pil_kwargs={"compress_level": 1})
        return png.getvalue()
