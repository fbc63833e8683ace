"""The cluster explorer: a real Dask cluster of programs, and a button that kills one of them."""

from __future__ import annotations

import html
import io
import queue
import tempfile
import threading
import time

import ipywidgets as w
from matplotlib.figure import Figure

from helpers import beyond
from helpers.clusters import ProgramCluster
from helpers.pools import Stopped
from helpers.refusals import whole_number
from helpers.streams import plot_stream, stream_in_words
from helpers.widgets.explorer import Picture

_INCHES, _DOTS, _WIDTH = (9.6, 2.8), 150, 960
_FULL = "calc(100% - 4px)"  # every widget has a margin of 2 pixels
_WIDE = {"style": {"description_width": "8em"}, "layout": {"width": "26em"}}
_MOST_WORKERS, _MOST_TASKS = 4, 60


class ClusterExplorer(w.VBox):
    """Controls to run tasks on a cluster of programs and to kill workers while it runs.

    Each run starts a scheduler and workers, does the tasks, shows what the scheduler's task stream
    says, and ends them all. It happens in a thread; Stop ends every program at once.
    """

    def __init__(self, *, workers: int = 2, tasks: int = 16) -> None:
        whole_number("workers", workers, 1, _MOST_WORKERS, "Pass how many, e.g. workers=2.")
        whole_number("tasks", tasks, 1, _MOST_TASKS, "Pass how many, e.g. tasks=16.")
        self._stop, self._thread = threading.Event(), None
        self._programs: ProgramCluster | None = None
        self._client: object = None
        self._killed = 0
        self._make_controls(workers, tasks)
        super().__init__(self._rows())
        self._run()
        try:
            self.wait()
        except BaseException:  # an interrupt: nothing of ours may run on
            self.stop()
            self.wait(5)
            raise

    def __repr__(self) -> str:
        return "Explorer of a cluster: open this notebook in JupyterLab to use it"

    def _make_controls(self, workers: int, tasks: int) -> None:
        self.workers = w.IntSlider(
            value=workers, min=1, max=_MOST_WORKERS, description="workers", **_WIDE
        )
        self.tasks = w.IntSlider(value=tasks, min=1, max=_MOST_TASKS, description="tasks", **_WIDE)
        self.run_button = w.Button(description="Run", icon="play", button_style="primary")
        self.kill_button = w.Button(description="Kill a worker", icon="bolt", disabled=True)
        self.stop_button = w.Button(description="Stop", icon="stop", disabled=True)
        self.bar = w.IntProgress(value=0, max=1, layout=w.Layout(width="14em"))
        self.status, self.words = w.HTML(), w.HTML()
        self.picture = Picture(format="png", width=_WIDTH, layout=w.Layout(max_width=_FULL))
        self.run_button.on_click(lambda _: self.start())
        self.kill_button.on_click(lambda _: self.kill())
        self.stop_button.on_click(lambda _: self.stop())

    def _rows(self) -> list[w.Widget]:
        return [
            w.HTML("<b>A cluster: count primes, and kill workers while they do</b>"),
            w.HBox([self.workers, self.tasks]),
            w.HBox([self.run_button, self.stop_button, self.kill_button, self.bar]),
            self.status,
            self.picture,
            self.words,
        ]

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
        """What the Stop button does: end every program of the cluster."""
        self._stop.set()
        programs = self._programs
        if programs is not None:
            programs.end()

    def kill(self) -> None:
        """What the button Kill a worker does: kill the one with the most tasks."""
        client, programs = self._client, self._programs
        if client is None or programs is None or self._stop.is_set():
            return
        busiest = sorted(client.processing().items(), key=lambda item: -len(item[1]))
        if any(programs.kill(address) for address, _ in busiest[:1]):
            self._killed += 1
            left = len(busiest) - 1
            self.status.value = f"killed one; {left} left" + (
                "" if left else ": nobody can work on"
            )

    def _run(self) -> None:
        self._stop.clear()
        self._killed = 0
        self.run_button.disabled, self.stop_button.disabled = True, False
        self.status.value = "starting a scheduler and workers …"
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            self.status.value = self._on_a_cluster(self.workers.value, self.tasks.value)
        except BaseException as error:  # a thread has nobody else to tell; Dask cancels by these
            stopped = self._stop.is_set() or isinstance(error, Stopped)
            said = f"{type(error).__name__}: {error}"
            self.status.value = "stopped; nothing is left running" if stopped else html.escape(said)
        finally:
            self._client = self._programs = None
            self.kill_button.disabled = self.stop_button.disabled = True
            self.run_button.disabled, self.bar.value = False, 0

    def _on_a_cluster(self, workers: int, count: int) -> str:
        from distributed import Client, get_task_stream  # takes a second: only who uses it pays

        self._programs = ProgramCluster(workers)  # known before it starts, so that Stop finds it
        with tempfile.TemporaryDirectory() as notes, self._programs as programs:
            with Client(programs.address, set_as_default=False) as client:
                self._client = client
                client.wait_for_workers(workers, timeout=60)
                self.kill_button.disabled = False
                self.status.value = "working: kill a worker now"
                tasks = [(n, range(n * 9_000, n * 9_000 + 60_000), notes) for n in range(count)]
                with get_task_stream(client) as stream:
                    results = self._gathered(client, tasks)
                self._draw(stream.data)
            runs = beyond.runs_noted(notes).total()
        missing = count - len({number for number, _ in results})
        return (
            f"{count} tasks; workers killed: {self._killed}; results missing: {missing}, "
            f"double: {len(results) - count + missing}; runs begun: {runs}"
        )

    def _gathered(self, client: object, tasks: list) -> list:
        """The results; Stopped as soon as somebody presses Stop."""
        ended: queue.SimpleQueue = queue.SimpleQueue()
        futures = client.map(beyond.count_and_note, tasks, pure=False)
        for future in futures:
            future.add_done_callback(ended.put)
        self.bar.max = len(tasks)
        while not all(future.done() for future in futures):
            if self._stop.is_set():
                raise Stopped
            try:
                ended.get(timeout=0.1)
            except queue.Empty:
                continue
            self.bar.value = sum(future.done() for future in futures)
        return client.gather(futures)

    def _draw(self, records: list) -> None:
        figure = Figure(figsize=_INCHES, dpi=_DOTS, layout="constrained")
        plot_stream(records, figure.subplots())
        png = io.BytesIO()
        figure.savefig(png, format="png", pil_kwargs={"compress_level": 1})
        sentences = stream_in_words(records)
        self.picture.value = png.getvalue()
        self.picture.tooltip = ". ".join(sentences)  # what a screen reader says of the picture
        self.words.value = "<br>".join(map(html.escape, sentences))
