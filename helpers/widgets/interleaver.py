"""The interleaver: two workers that add to a shared value, stepped by hand or through a search."""

from __future__ import annotations

import html
import threading

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.interleaving import PROGRAMS, WORKERS, Interleaving, search
from helpers.plots.interleaving import plot_schedule, schedule_in_words
from helpers.plots.style import as_png
from helpers.validation import one_of
from helpers.widgets.base import DOTS, new_picture

_INCHES = (9.6, 3.0)


class Interleaver(w.VBox):
    """Buttons that let worker A or worker B take its next step, and the value that they share.

    This is a model, in which no process runs, so you can try each order and undo it. `program` is
    one of interleaving.PROGRAMS: how the workers use the lock.
    """

    def __init__(self, program: str = "no lock") -> None:
        one_of("program", program, tuple(PROGRAMS), "Choose how the lock is used.")
        self._drawing = threading.Lock()
        self.run = Interleaving(program, 1)
        self.program = w.Dropdown(
            options=list(PROGRAMS),
            value=program,
            description="lock:",
            style={"description_width": "6em"},
            layout=w.Layout(width="26em"),
        )
        self.additions = w.Dropdown(
            options=[("1 addition each", 1), ("2 additions each", 2), ("3 additions each", 3)],
            value=1,
            layout=w.Layout(width="12em"),
        )
        steps = {f"worker {one}: next step": lambda one=one: self.step(one) for one in WORKERS}
        steps |= {
            "undo": self.undo,
            "reset": self.reset,
            "show the worst": self.show_worst,
            "search all schedules": self.search_all,
        }
        self.buttons = {
            text: w.Button(description=text, layout=w.Layout(width="auto")) for text in steps
        }
        for text, step in steps.items():
            self.buttons[text].on_click(lambda _, step=step: step())
        self.table, self.status, self.words = w.HTML(), w.HTML(), w.HTML()
        self.picture = new_picture()
        for control in (self.program, self.additions):
            control.observe(lambda _: self.reset(), "value")
        title = w.HTML("<b>Two workers add 1 to one cell: you say whose step comes next</b>")
        buttons = w.HBox(list(self.buttons.values()), layout={"flex_flow": "row wrap"})
        choices = w.HBox([self.program, self.additions], layout={"flex_flow": "row wrap"})
        super().__init__(
            [title, choices, buttons, self.table, self.picture, self.words, self.status]
        )
        self.reset()

    def __repr__(self) -> str:
        return "Interleaver of two workers: open this notebook in JupyterLab to use it"

    def step(self, worker: str) -> None:
        """Let that worker take its next step; if it can't, the status says why."""
        if (reason := self.run.why_not(worker)) is not None:
            self.status.value = f"Worker {worker} {html.escape(reason)}."
            return
        self.run.take(worker)
        self._show()

    def undo(self) -> None:
        """Undo the last step."""
        self.run.undo()
        self._show()

    def reset(self) -> None:
        """Go back to the beginning, with the lock and the additions that are chosen."""
        self.run = Interleaving(self.program.value, self.additions.value)
        self._show()

    def show_worst(self) -> None:
        """Show a schedule that loses as many additions as possible."""
        worst = search(self.program.value, self.additions.value).worst
        self.run = Interleaving(self.program.value, self.additions.value).follow(worst)
        self._show()

    def search_all(self) -> None:
        """Show how many schedules there are, and how many of them lose an addition."""
        found = search(self.program.value, self.additions.value)
        endings = ", ".join(f"{value} in {count:,}" for value, count in found.endings.items())
        self.status.value = (
            f"<b>{found.total:,} schedules: {found.right:,} right, {found.losing:,} lose an "
            f"addition.</b> The cell ends as: {endings}."
        )

    def _show(self) -> None:
        with self._drawing:
            self._fill()

    def _fill(self) -> None:
        run = self.run
        rows = [("worker", "register", "next step")]
        for worker, held in run.registers.items():
            action = run.next_action(worker)
            waits = run.why_not(worker) if action else None
            rows.append((worker, "empty" if held is None else held, waits or action or "finished"))
        cells = "".join(_row(row, "td" if place else "th") for place, row in enumerate(rows))
        self.table.value = f"<table>{cells}</table>The shared cell holds <b>{run.cell}</b>."
        sentences = schedule_in_words(run)
        self.words.value = html.escape("; ".join(sentences))
        self.status.value = ""
        for worker in WORKERS:
            self.buttons[f"worker {worker}: next step"].disabled = run.next_action(worker) is None
        self.buttons["undo"].disabled = not run.history
        self.picture.value = _drawn(run)
        self.picture.tooltip = "; ".join(sentences)  # for screen readers


def _row(texts: tuple, kind: str) -> str:
    start = f"<{kind} style='padding-right:2em; text-align:left'>"
    return "<tr>" + "".join(f"{start}{html.escape(str(one))}</{kind}>" for one in texts) + "</tr>"


def _drawn(run: Interleaving) -> bytes:
    figure = Figure(figsize=_INCHES, dpi=DOTS, layout="constrained")
    plot_schedule(run, figure.subplots())
    return as_png(figure)
