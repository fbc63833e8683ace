"""The explorer: run any work under any engine with any number of workers, and look at it."""

from __future__ import annotations

import html
import io
import threading
import time

import ipywidgets as w
import traitlets
from matplotlib.figure import Figure

from helpers.elsewhere import OtherInterpreter
from helpers.engines import available
from helpers.machine import usable_cores
from helpers.plots import STYLES, in_words, plot_timeline
from helpers.pools import Stopped, WorkFailed
from helpers.records import Sweep
from helpers.refusals import whole_number
from helpers.workloads import Workload, workload

_INCHES, _DOTS, _WIDTH = (9.6, 3.4), 150, 960  # drawn at 1.5 times the width it is shown in
# Fixed, because a layout that fits itself costs half of the time of drawing.
_MARGINS = {"left": 0.07, "right": 0.975, "bottom": 0.15, "top": 0.9, "wspace": 0.27}
_FULL = "calc(100% - 4px)"  # every widget has a margin of 2 pixels
_LEFT = {"style": {"description_width": "6em"}, "layout": {"width": "23em"}}
_RIGHT = {"style": {"description_width": "13em"}, "layout": {"width": "31em"}}
_MOST_TASKS, _MOST_WORKERS = 200, 32


class Picture(w.Image):
    """An image that can say what it shows, as its tooltip.

    ipywidgets 8.1 shows an error in place of an image that has a tooltip and no description.
    """

    description = traitlets.Unicode().tag(sync=True)


class Explorer(w.VBox):
    """Controls to run one workload under any engine, and what came of it.

    Every press of Run measures, in turns: a plain loop, the chosen engine, and the machine's
    ceiling for this very work. It happens on an interpreter of its own, in a thread, so that the
    notebook stays free; Stop ends that interpreter and all it started. Runs of the same tasks
    share a plot.
    """

    def __init__(
        self, work: str | Workload = "primes", *, tasks: int = 24, workers: int = 2
    ) -> None:
        self.work = work if isinstance(work, Workload) else workload(work)
        whole_number("tasks", tasks, 1, _MOST_TASKS, "Pass where the slider starts, e.g. 24.")
        whole_number("workers", workers, 1, _MOST_WORKERS, "Pass where the slider starts, e.g. 2.")
        self._drawing = threading.Lock()  # by the thread that measures and by a moved slider
        self._measured: dict[tuple[int, int], list[Sweep]] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._make_controls(tasks, workers)
        super().__init__(self._rows())
        self._run()
        try:
            self.wait()
        except BaseException:  # an interrupt: nothing of ours may run on
            self.stop()
            self.wait(2)
            raise

    def __repr__(self) -> str:
        return f"Explorer of {self.work.name}: open this notebook in JupyterLab to use it"

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

    def _make_controls(self, tasks: int, workers: int) -> None:
        engines = [engine for engine in available() if engine != "serial"]
        smallest, usual, largest = self.work.sizes
        self.engine = w.Dropdown(options=engines, value="processes", description="engine", **_LEFT)
        most = min(max(4, 2 * usable_cores(), workers), _MOST_WORKERS)
        self.workers = w.IntSlider(value=workers, min=1, max=most, description="workers", **_LEFT)
        self.tasks = w.IntSlider(value=tasks, min=1, max=_MOST_TASKS, description="tasks", **_RIGHT)
        self.size = w.SelectionSlider(
            options=_steps(smallest, usual, largest),
            value=usual,
            description=self.work.unit,
            **_RIGHT,
        )
        self.run_button = w.Button(description="Run", icon="play", button_style="primary")
        self.stop_button = w.Button(description="Stop", icon="stop", disabled=True)
        self.bar = w.IntProgress(value=0, max=1, layout=w.Layout(width="14em"))
        self.status = w.HTML()
        self.picture = Picture(format="png", width=_WIDTH, layout=w.Layout(max_width=_FULL))
        self.words = w.HTML()
        self.run_button.on_click(lambda _: self.start())
        self.stop_button.on_click(lambda _: self.stop())
        for control in (self.tasks, self.size):
            control.observe(lambda _: self._moved(), "value")

    def _rows(self) -> list[w.Widget]:
        return [
            w.HTML(f"<b>Explorer: {html.escape(self.work.says)}</b>"),
            w.HBox([w.VBox([self.engine, self.workers]), w.VBox([self.tasks, self.size])]),
            w.HBox([self.run_button, self.stop_button, self.bar]),
            self.status,
            self.picture,
            self.words,
        ]

    def _run(self) -> None:
        self._stop.clear()
        self._set_running(True)
        self.status.value = "measuring …"
        self._thread = threading.Thread(target=self._measure, daemon=True)
        self._thread.start()

    def _measure(self) -> None:
        tasks, size = self.tasks.value, self.size.value
        try:
            with OtherInterpreter() as other:
                other.load(
                    self.work.worker,
                    self.work.tasks(tasks, size),
                    engines=(self.engine.value,),
                    workers=(self.workers.value,),
                    rounds=2,
                )
                other.go()
                sweep = other.result(self._show_progress, self._stop)
        except Stopped:
            self.status.value = "stopped; nothing is left running"
        except WorkFailed as error:
            self.status.value = html.escape(str(error))
        except Exception as error:  # a thread has nobody else to tell
            self.status.value = html.escape(f"{type(error).__name__}: {error}")
        else:
            self._measured.setdefault((tasks, size), []).append(sweep)
            self.status.value = _result_in_words(sweep)
            self.draw()
        finally:
            self._set_running(False)

    def _set_running(self, running: bool) -> None:
        self.run_button.disabled, self.stop_button.disabled = running, not running
        if not running:
            self.bar.value = 0

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.max, self.bar.value = total, done

    def _moved(self) -> None:
        if self.stop_button.disabled:
            self.status.value = ""  # it was about other tasks
        self.draw()

    def draw(self) -> None:
        """Draw what was measured of the tasks that the sliders say; nothing is measured."""
        sweeps = self._measured.get((self.tasks.value, self.size.value), [])
        if not sweeps:
            self.words.value = "Not measured yet with these tasks: press <b>Run</b>."
            return
        with self._drawing:
            self.picture.value = self._drawn(sweeps)
        sentences = [*in_words(sweeps[-1]), *in_words(sweeps[-1].runs[0])]
        self.words.value = "<br>".join(map(html.escape, sentences))
        self.picture.tooltip = ". ".join(sentences)  # what a screen reader says of the picture

    def _drawn(self, sweeps: list[Sweep]) -> bytes:
        figure = Figure(figsize=_INCHES, dpi=_DOTS)  # a new one is cheaper than a cleared one
        left, right = figure.subplots(1, 2, width_ratios=(2, 3), gridspec_kw=_MARGINS)
        _plot_runs(left, sweeps)
        plot_timeline(sweeps[-1].runs[0], right)
        png = io.BytesIO()
        figure.savefig(png, format="png", pil_kwargs={"compress_level": 1})
        return png.getvalue()


def _plot_runs(ax: object, sweeps: list[Sweep]) -> None:
    """Speed-up of each run so far by its workers, each against the loop measured beside it."""
    most = max(sweep.runs[0].workers for sweep in sweeps)
    ax.plot(
        [1, max(2, most)], [1, max(2, most)], color="#767676", linewidth=1, linestyle=(0, (1, 3))
    )
    middle = (1 + max(2, most)) / 2
    ax.annotate("ideal  ", (middle, middle), color="#767676", ha="right", va="bottom")
    named: set[str] = set()
    for sweep in sweeps:
        run = sweep.runs[0]
        colour, marker, _ = STYLES[run.engine]
        newest = sweep is sweeps[-1]
        ax.plot(
            run.workers, sweep.speedup(run.engine, run.workers), color=colour, marker=marker,
            markersize=10 if newest else 6, markeredgecolor="black" if newest else colour,
            linestyle="none", label=None if run.engine in named else run.engine,
        )  # fmt: skip
        ax.plot(run.workers, sweep.ceilings[run.workers], color="black", marker="_", markersize=16,
                linestyle="none", label=None if named else "this machine's ceiling")  # fmt: skip
        named.add(run.engine)
    ax.set(
        xlabel="workers", ylabel="speed-up over one loop (times)", ylim=(0, None), xlim=(0.5, None)
    )
    ax.locator_params(axis="y", nbins=5)  # every label costs a millisecond of drawing
    ax.set_xticks(range(1, max(2, most) + 1, max(1, most // 8)))
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize="small", loc="best")


def _result_in_words(sweep: Sweep) -> str:
    run = sweep.runs[0]
    return (
        f"{run.engine} × {run.workers}: {sweep.speedup(run.engine, run.workers):.2f} times as fast "
        f"as one loop; ceiling {sweep.ceilings[run.workers]:.2f}"
    )


def _steps(smallest: int, usual: int, largest: int) -> list[int]:
    """About ten sizes from the smallest to the largest, the usual one too, evenly in ratio."""
    ratio = (largest / smallest) ** (1 / 9)
    sizes = {smallest, usual, largest, *(_rounded(smallest * ratio**i) for i in range(1, 9))}
    return sorted(sizes)


def _rounded(value: float) -> int:
    digits = max(0, len(str(int(value))) - 2)
    return round(int(value), -digits)
