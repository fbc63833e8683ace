"""The picture of an interleaving: which worker takes which step, and where an addition is lost.

The same in words is `schedule_in_words`.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from helpers.interleaving import FREE, LOAD, STORE, TAKE, WORKERS, Interleaving, Step
from helpers.plots.style import ALARM, BLACK, BLUE, BOX_GRAY, GRAY, ORANGE, new_axes
from helpers.validation import require

_LOOKS = {"A": (BLUE, "white"), "B": (ORANGE, BLACK)}  # a box, and the text in it
_VALUE_ROW = len(WORKERS)  # below the workers' rows
_BOX_HEIGHT = 0.76  # a row is 1 high
_FEWEST_COLUMNS = 6
_RUN_ADVICE = "Pass Interleaving('no lock')."


def lost_at(history: list[Step]) -> list[int]:
    """Return where in the history a store overwrites an addition made since its load."""
    loaded: dict[str, int] = {}
    stored, lost = 0, []
    for place, step in enumerate(history):
        if step.action == LOAD:
            loaded[step.worker] = stored
        elif step.action == STORE:
            lost += [place] if loaded[step.worker] != stored else []
            stored += 1
    return lost


def plot_schedule(run: Interleaving, ax: Axes | None = None) -> Axes:
    """Draw a row for each worker and one for the shared value, a column for each step.

    A dashed box is what a worker does next. A gray line under boxes says that the worker has the
    lock. A store that overwrites additions has a thick red edge and a cross above it.
    """
    require("run", run, Interleaving, _RUN_ADVICE)
    columns = max(_FEWEST_COLUMNS, len(run.history) + (not run.finished))
    ax = new_axes(ax, (min(11, max(6.6, 0.5 * columns)), 2.7))
    column_width = (ax.figure.get_figwidth() - 1.2) / columns  # inches
    narrow = column_width < 0.48
    font = {"fontsize": 7.5 if narrow else 9, "rotation": 90 if narrow else 0}
    lost = lost_at(run.history)
    for column, step in enumerate(run.history):
        _draw_step(ax, column, step, column in lost, font)
    for worker in WORKERS:
        _draw_next(ax, run, worker, font)
        _draw_lock(ax, run.history, worker)
    names = [f"worker {worker}" for worker in WORKERS]
    ax.set_yticks(range(_VALUE_ROW + 1), [*names, "shared cell"])
    ax.set_xticks(range(columns), range(1, columns + 1), fontsize=min(9, 40 * column_width))
    ax.set(xlim=(-0.6, columns - 0.4), ylim=(_VALUE_ROW + 0.5, -0.8), xlabel="step")
    ax.tick_params(length=0)
    ax.set_title(_title(run), loc="left", fontsize=11)
    return ax


def schedule_in_words(run: Interleaving) -> list[str]:
    """Return what the picture shows, as sentences: the text alternative to it."""
    require("run", run, Interleaving, _RUN_ADVICE)
    lost = lost_at(run.history)
    lines = []
    for place, step in enumerate(run.history):
        line = f"step {place + 1}: {step.worker} {_did(step)}"
        lines.append(line + (": this overwrites an addition" if place in lost else ""))
    return [*lines, _title(run)]


def print_schedule(run: Interleaving) -> None:
    """Print `schedule_in_words`, a line each."""
    print(*schedule_in_words(run), sep="\n")


def _title(run: Interleaving) -> str:
    """Return the state of the run: the shared value and, once it is finished, what was lost."""
    if not run.history:
        return f"{run.program}: the cell holds 0, no worker has begun"
    if not run.finished:
        return f"{run.program}: so far the cell holds {run.cell}"
    lost = run.expected - run.cell
    words = "nothing is lost" if not lost else f"{lost} addition{'s' * (lost > 1)} lost"
    return f"{run.program}: the cell holds {run.cell} of {run.expected}, {words}"


def _did(step: Step) -> str:
    if step.action in (TAKE, FREE):
        return {TAKE: "takes the lock", FREE: "frees the lock"}[step.action]
    verb = {LOAD: "loads", STORE: "stores"}.get(step.action, "adds: its register is now")
    return f"{verb} {step.register}"


def _draw_step(ax: Axes, column: int, step: Step, lost: bool, font: dict[str, float]) -> None:
    color, ink = _LOOKS[step.worker]
    row = WORKERS.index(step.worker)
    _box(ax, column, row, facecolor=color, edgecolor="white")
    if lost:
        _box(ax, column, row, facecolor="none", edgecolor=ALARM, linewidth=3, zorder=3)
        ax.annotate("✗", (column, row - 0.6), color=ALARM, ha="center", va="center")
    ax.annotate(_label(step, font), (column, row), color=ink, ha="center", va="center", **font)
    stored = step.action == STORE
    _box(ax, column, _VALUE_ROW, facecolor="white", edgecolor=BLACK if stored else BOX_GRAY,
         linewidth=2 if stored else 1)  # fmt: skip
    ax.annotate(
        str(step.cell), (column, _VALUE_ROW), ha="center", va="center",
        fontsize=font["fontsize"], weight="bold" if stored else "normal",
    )  # fmt: skip


def _draw_next(ax: Axes, run: Interleaving, worker: str, font: dict[str, float]) -> None:
    action = run.next_action(worker)
    if action is None:
        return
    column, row = len(run.history), WORKERS.index(worker)
    _box(ax, column, row, facecolor="white", edgecolor=GRAY, linestyle=(0, (3, 2)))
    text = "waits" if run.why_not(worker) else action
    if not font["rotation"]:
        text = text.replace(" ", "\n")
    ax.annotate(text, (column, row), color=GRAY, ha="center", va="center", **font)


def _draw_lock(ax: Axes, history: list[Step], worker: str) -> None:
    """Draw a line under the steps in which the worker has the lock, to the end if it still has."""
    row, since = WORKERS.index(worker) + 0.45, None
    for column, step in enumerate(history):
        if step.worker == worker and step.action == TAKE:
            since = column
        if since is not None and step.worker == worker and step.action == FREE:
            ax.plot([since - 0.4, column + 0.4], [row, row], color=GRAY, linewidth=3)
            since = None
    if since is not None:
        ax.plot([since - 0.4, len(history) - 0.6], [row, row], color=GRAY, linewidth=3)


def _label(step: Step, font: dict[str, float]) -> str:
    lock = step.action in (TAKE, FREE)
    text = step.action if lock else f"{step.action} {step.register}"
    return text if font["rotation"] else text.replace(" ", "\n")


def _box(ax: Axes, column: int, row: int, **looks: object) -> None:
    ax.add_patch(Rectangle((column - 0.46, row - _BOX_HEIGHT / 2), 0.92, _BOX_HEIGHT, **looks))
