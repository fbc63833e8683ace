"""What a learner moves: an explorer of any work, a prediction to commit to, a bar of progress.

Built of plain controls and of `Image` and `HTML` widgets whose value is set, which works in every
front end and without one. What they print as text is fixed, so that tests can compare it.
"""

from __future__ import annotations

import html
import io
import multiprocessing
import threading
import time
from collections.abc import Callable
from multiprocessing import connection

import ipywidgets as w
import traitlets
from IPython.display import display
from matplotlib.figure import Figure

from helpers import children, notes, trees
from helpers.claims import tell
from helpers.elsewhere import OtherInterpreter
from helpers.engines import available
from helpers.machine import usable_cores
from helpers.plots import STYLES, in_words, plot_timeline
from helpers.pools import Stopped, WorkFailed
from helpers.records import Sweep
from helpers.refusals import bad_type, number, whole_number
from helpers.workloads import Workload, workload

_INCHES, _DOTS, _WIDTH = (9.6, 3.4), 150, 960  # drawn at 1.5 times the width it is shown in
# Fixed, because a layout that fits itself costs half of the time of drawing.
_MARGINS = {"left": 0.07, "right": 0.975, "bottom": 0.15, "top": 0.9, "wspace": 0.27}
_FULL = "calc(100% - 4px)"  # every widget has a margin of 2 pixels
_LEFT = {"style": {"description_width": "6em"}, "layout": {"width": "23em"}}
_RIGHT = {"style": {"description_width": "13em"}, "layout": {"width": "31em"}}
_MOST_TASKS, _MOST_WORKERS = 200, 32


class _Picture(w.Image):
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
        self._figure = Figure(figsize=_INCHES, dpi=_DOTS)
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
        self.picture = _Picture(format="png", width=_WIDTH, layout=w.Layout(max_width=_FULL))
        self.words = w.HTML()
        self.run_button.on_click(lambda _: self.start())
        self.stop_button.on_click(lambda _: self.stop())
        for control in (self.tasks, self.size):
            control.observe(lambda _: self.draw(), "value")

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
        self._figure.clear()
        left, right = self._figure.subplots(1, 2, width_ratios=(2, 3), gridspec_kw=_MARGINS)
        _plot_runs(left, sweeps)
        plot_timeline(sweeps[-1].runs[0], right)
        png = io.BytesIO()
        self._figure.savefig(png, format="png", pil_kwargs={"compress_level": 1})
        return png.getvalue()


def _plot_runs(ax: object, sweeps: list[Sweep]) -> None:
    """Speed-up of each run so far by its workers, each against the loop measured beside it."""
    most = max(sweep.runs[0].workers for sweep in sweeps)
    ax.plot(
        [1, max(2, most)], [1, max(2, most)], color="#767676", linewidth=1, linestyle=(0, (1, 3))
    )
    ax.annotate("ideal", (max(2, most), max(2, most)), color="#767676", ha="right", va="bottom")
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


class ProgressBar(w.HBox):
    """A bar to pass as `progress=` to what takes more than two seconds. It shows itself."""

    def __init__(self, doing: str = "measuring") -> None:
        _check_texts(doing=doing)
        self._bar = w.IntProgress(value=0, max=1, description="")
        self._text = w.Label(doing)
        self._doing = doing
        super().__init__([self._bar, self._text])
        display(self)

    def __call__(self, done: int, total: int) -> None:
        self._bar.max, self._bar.value = total, done
        self._text.value = f"{self._doing}: {done} of {total}"

    def __repr__(self) -> str:
        return f"progress: {self._doing}"


class Prediction(w.VBox):
    """A question that wants a number before the experiment; what is answered is kept."""

    def __init__(
        self, name: str, question: str, unit: str = "", *, low: float = 0, high: float = 1e9
    ) -> None:
        _check_texts(name=name, question=question, unit=unit)
        self.name, self.question, self.unit = name, question, unit
        self.low = number("low", low, -1e300, 1e300, "Pass the least that makes sense.")
        self.high = number("high", high, self.low, 1e300, "Pass the most that makes sense.")
        kept = _predicted(name)
        self.answer = w.Text(
            value="" if kept is None else f"{kept:g}",
            placeholder="a number",
            description="Predict:",
            layout=w.Layout(width="16em"),
        )
        self.button = w.Button(description="Keep", layout=w.Layout(width="6em"))
        self.status = w.HTML("" if kept is None else "kept")
        self.button.on_click(lambda _: self.keep())
        super().__init__(
            [
                w.HTML(f"<b>{html.escape(question)}</b>"),
                w.HBox([self.answer, w.Label(unit), self.button, self.status]),
            ]
        )

    def keep(self) -> None:
        """Keep what stands in the field, or say what is wrong with it."""
        try:
            value = float(self.answer.value.replace(",", "."))
            number(self.name, value, self.low, self.high, "")
        except ValueError:
            self.status.value = f"a number from {self.low:g} to {self.high:g}, please"
            return
        notes.keep("predictions", self.name, {"question": self.question, "predicted": value})
        self.status.value = "kept; now run the experiment"

    def __repr__(self) -> str:
        return f"Predict: {self.question}" + (f" ({self.unit})" if self.unit else "")


class LifeCycle(w.VBox):
    """One real child process and buttons for what its parent can do with it.

    The table shows what the Process object says and what the operating system says. The child waits
    for an event; it is a daemon, so that it can't outlive the notebook.
    """

    def __init__(self) -> None:
        # Spawned, the child is ours on every system; the fork server would be its parent.
        self._context = multiprocessing.get_context("spawn")
        self.table = w.HTML()
        steps = {
            "Process(…)": self.new,
            "start()": self.start,
            "let it finish": self.finish,
            "terminate()": self.terminate,
            "kill()": self.kill,
            "join(1)": self.join,
            "look again": self.look,
        }
        self.buttons = {text: w.Button(description=text) for text in steps}
        for text, step in steps.items():
            self.buttons[text].on_click(lambda _, step=step: step())
        title = w.HTML("<b>One child, and what its parent can do</b>")
        super().__init__([title, w.HBox(list(self.buttons.values())), self.table])
        self.new()

    def __repr__(self) -> str:
        return "Life cycle of a process: open this notebook in JupyterLab to use it"

    def new(self) -> None:
        """Make a Process object; no process yet. One that still runs is ended first."""
        process = getattr(self, "process", None)
        if process is not None and process.pid is not None and process.is_alive():
            process.kill()
            process.join()
        self._finish = self._context.Event()
        self.process = self._context.Process(
            target=children.wait_for, args=(self._finish,), daemon=True
        )
        self.look()

    def start(self) -> None:
        """start(): now there is a process."""
        self._do(self.process.start)

    def finish(self) -> None:
        """Set the event that the child waits for; its end shows at the sentinel, not joined."""
        self._finish.set()
        self._await_end()

    def terminate(self) -> None:
        """terminate(): the polite way, SIGTERM where there are signals."""
        self._do(self.process.terminate)
        self._await_end()

    def kill(self) -> None:
        """kill(): the way that can't be refused."""
        self._do(self.process.kill)
        self._await_end()

    def join(self) -> None:
        """join(1): wait for its end, one second at the most."""
        self._do(lambda: self.process.join(1))

    def look(self, said: str = "") -> None:
        """Show the state. The system is asked first: is_alive() would clear a zombie away."""
        pid = self.process.pid
        system = "no process yet" if pid is None else trees.state(pid)
        rows = {
            "operating system": system,
            "pid": pid,
            "sentinel ready": pid is not None and bool(connection.wait([self.process.sentinel], 0)),
        }
        if said:
            rows["answer"] = said
        if system != "zombie":
            rows |= {"is_alive()": self.process.is_alive(), "exitcode": self.process.exitcode}
        else:
            rows |= {
                "is_alive()": "not asked: asking clears a zombie away",
                "exitcode": "not asked",
            }
        cells = "".join(
            f"<tr><td style='padding-right:2em'>{name}</td><td>{html.escape(str(value))}</td></tr>"
            for name, value in rows.items()
        )
        self.table.value = f"<table>{cells}</table>"

    def _do(self, step: Callable[[], None]) -> None:
        try:
            step()
        except (AssertionError, ValueError, AttributeError) as error:
            self.look(said=f"{type(error).__name__}: {error}")
        else:
            self.look()

    def _await_end(self) -> None:
        if self.process.pid is not None:
            if connection.wait([self.process.sentinel], timeout=1):
                trees.state_after_end(self.process.pid)
            self.look()


def predict(
    name: str, question: str, unit: str = "", *, low: float = 0, high: float = 1e9
) -> Prediction:
    """The widget that asks; what is answered is kept under `name` for `compare`."""
    return Prediction(name, question, unit, low=low, high=high)


def compare(name: str, measured: float, unit: str = "") -> None:
    """Print what was measured beside what was predicted, and keep both."""
    _check_texts(name=name, unit=unit)
    number("measured", measured, -1e300, 1e300, "Pass what the experiment gave.")
    predicted = _predicted(name)
    notes.keep("predictions", name, {**_kept("predictions", name), "measured": measured})
    said = "you predicted nothing yet" if predicted is None else f"you predicted {predicted:g}"
    number_shown = f"{measured:,.0f}" if abs(measured) >= 1_000 else f"{measured:.3g}"
    tell(f"{number_shown} {unit}".rstrip() + f"; {said}")


def _check_texts(**texts: object) -> None:
    for what, text in texts.items():
        if not isinstance(text, str):
            raise bad_type(what, text, "a str", "Pass text.")


def _kept(section: str, name: str) -> dict:
    """What the learner's notes have under that name; empty if it is not what we would write."""
    kept = notes.read(section).get(name)
    return kept if isinstance(kept, dict) else {}


def _predicted(name: str) -> float | None:
    kept = _kept("predictions", name).get("predicted")
    return kept if isinstance(kept, (int, float)) else None


class Placement(w.VBox):
    """A choice to make for each of several works, before they are measured; it is kept."""

    def __init__(self, name: str, works: dict[str, str], choices: tuple[str, ...]) -> None:
        _check_texts(name=name)
        if not isinstance(works, dict) or not works:
            raise bad_type("works", works, "a dict of name: description", "Pass at least one.")
        if not isinstance(choices, (list, tuple)) or not choices:
            raise bad_type("choices", choices, "a list of strings", "Pass at least one.")
        self.name = name
        kept = _kept("placements", name)
        self.choosers = {
            work: w.Dropdown(
                options=["?", *choices],
                value=kept.get(work) if kept.get(work) in choices else "?",
                description=says,
                style={"description_width": "26em"},
                layout=w.Layout(width="40em"),
            )
            for work, says in works.items()
        }
        for chooser in self.choosers.values():
            chooser.observe(lambda _: self.keep(), "value")
        super().__init__([w.HTML("<b>Place each of them:</b>"), *self.choosers.values()])

    def __repr__(self) -> str:
        return f"Place: {', '.join(self.choosers)}"

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen for each work; "?" where nothing was."""
        return {work: chooser.value for work, chooser in self.choosers.items()}

    def keep(self) -> None:
        """Keep the choices."""
        notes.keep("placements", self.name, self.chosen)

    def compare(self, best: dict[str, str]) -> None:
        """Print each choice beside what was measured to be fastest."""
        for work, fastest in best.items():
            tell(f"{work}: fastest was {fastest}; you said {self.chosen.get(work, '?')}")
