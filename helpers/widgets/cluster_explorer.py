"""The cluster explorer: a real Dask cluster of programs, and a button that kills one of them."""

from __future__ import annotations

import queue
import tempfile

import ipywidgets as w

from helpers.engines.dask_cluster import START_LIMIT, ProgramCluster
from helpers.engines.pool import Stopped, WorkFailed
from helpers.plots.task_stream import plot_stream, stream_in_words
from helpers.validation import whole_number
from helpers.widgets.base import RunWidget, sized, worker_slider
from helpers.workers import dask_tasks

_INCHES = (9.6, 2.8)
_WIDE = sized(8, 26)
_MOST_WORKERS, _MOST_TASKS = 4, 60


class ClusterExplorer(RunWidget):
    """Controls to run tasks on a cluster of programs and to kill workers while it runs.

    Each run starts a scheduler and workers, does the tasks, shows what the scheduler's task stream
    says, and ends them all. This happens in a thread; Stop ends every program at once.
    """

    def __init__(self, *, workers: int = 2, tasks: int = 16) -> None:
        whole_number("workers", workers, 1, _MOST_WORKERS, "Pass how many, e.g. workers=2.")
        whole_number("tasks", tasks, 1, _MOST_TASKS, "Pass how many, e.g. tasks=16.")
        super().__init__()
        self._programs: ProgramCluster | None = None
        self._client: object = None
        self._killed = 0
        self._make_controls(workers, tasks)
        title = "A cluster: count primes, and kill workers while they do"
        self.lay_out(title, w.HBox([self.workers, self.tasks]), self.kill_button)
        self.run_first()

    def __repr__(self) -> str:
        return "Explorer of a cluster: open this notebook in JupyterLab to use it"

    def _make_controls(self, workers: int, tasks: int) -> None:
        self.workers = worker_slider(workers, _WIDE, _MOST_WORKERS)
        self.tasks = w.IntSlider(value=tasks, min=1, max=_MOST_TASKS, description="tasks", **_WIDE)
        self.kill_button = w.Button(description="Kill a worker", icon="bolt", disabled=True)
        self.kill_button.on_click(lambda _: self.kill())

    def stop(self) -> None:
        """End every program of the cluster. The Stop button calls this."""
        self.stopping.set()
        programs = self._programs
        if programs is not None:
            programs.end()

    def kill(self) -> None:
        """Kill the worker with the most tasks. The button "Kill a worker" calls this."""
        client, programs = self._client, self._programs
        if client is None or programs is None or self.stopping.is_set():
            return
        busiest = sorted(client.processing().items(), key=lambda item: -len(item[1]))
        if any(programs.kill(address) for address, _ in busiest[:1]):
            self._killed += 1
            left = len(busiest) - 1
            self.status.value = f"killed one; {left} left" + (
                "" if left else ": no worker can go on"
            )

    def measure(self) -> None:
        """Do the tasks on a new cluster, and show what its scheduler recorded."""
        self._killed = 0
        self.status.value = "starting a scheduler and workers …"
        try:
            self.status.value = self._on_a_cluster(self.workers.value, self.tasks.value)
        except BaseException as error:  # Dask cancels by such errors, too
            if self.stopping.is_set():
                raise Stopped from error
            raise WorkFailed(f"{type(error).__name__}: {error}") from error
        finally:
            self._client = self._programs = None
            self.kill_button.disabled = True

    def _on_a_cluster(self, workers: int, count: int) -> str:
        from distributed import Client  # this import takes a second: only this widget needs it

        self._programs = ProgramCluster(workers)  # known before it starts, so that Stop finds it
        if self.stopping.is_set():
            raise Stopped
        with tempfile.TemporaryDirectory() as notes, self._programs as programs:
            with Client(programs.address, set_as_default=False) as client:
                self._client = client
                client.wait_for_workers(workers, timeout=START_LIMIT)
                self.kill_button.disabled = False
                self.status.value = "working: kill a worker now"
                tasks = [(n, range(n * 9_000, n * 9_000 + 60_000), notes) for n in range(count)]
                # Not with `with`: its end would ask the scheduler, which Stop may have ended.
                client.get_task_stream()
                results = self._gathered(client, tasks)
                self._draw(client.get_task_stream())
            runs = dask_tasks.runs_noted(notes).total()
        missing = count - len({number for number, _ in results})
        return (
            f"{count} tasks; workers killed: {self._killed}; results missing: {missing}, "
            f"double: {len(results) - count + missing}; runs begun: {runs}"
        )

    def _gathered(self, client: object, tasks: list) -> list:
        """Return the results; raise Stopped as soon as Stop is pressed."""
        ended: queue.SimpleQueue = queue.SimpleQueue()
        futures = client.map(dask_tasks.count_and_note, tasks, pure=False)
        for future in futures:
            future.add_done_callback(ended.put)
        self.bar.max = len(tasks)
        while not all(future.done() for future in futures):
            if self.stopping.is_set():
                raise Stopped
            try:
                ended.get(timeout=0.1)
            except queue.Empty:
                continue
            self.bar.value = sum(future.done() for future in futures)
        return client.gather(futures)

    def _draw(self, records: list) -> None:
        self.show_picture(
            lambda figure: plot_stream(records, figure.subplots()), _INCHES, layout="constrained"
        )
        self.show_words(stream_in_words(records))
