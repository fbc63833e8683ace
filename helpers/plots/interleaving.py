"""A schedule as a picture and in words: who did which step when, and where an addition got lost."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from helpers.interleaving import FREE, LOAD, STORE, TAKE, WORKERS, Interleaving, Step
from helpers.validation import bad_type, of_kind

# Okabe and Ito's blue with white text and orange with black text: apart for the colour-blind, too.
_LOOKS = {"A": ("#0072B2", "white"), "B": ("#E69F00", "black")}
_GREY = "#767676"
_CELL = len(WORKERS)  # the row below the workers'
_BOX = 0.76  # height; a lane is 1 high
_LEAST = 6  # columns that are always there


def lost_at(history: list[Step]) -> list[int]:
    """Places in the history of each store that overwrites an addition made since its load."""
    of_kind("history", history, list, "Pass the history of an Interleaving.")
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
    """A row for each worker and one for the cell; a column for each step, from left to right.

    A dashed box is what a worker does next; a grey line under boxes says that it has the lock. A
    store that overwrites additions has a thick red edge and a cross above it.
    """
    _check(run)
    columns = max(_LEAST, len(run.history) + (not run.finished))
    if ax is None:
        _, ax = plt.subplots(figsize=(min(11, max(6.6, 0.5 * columns)), 2.7), layout="constrained")
    elif not isinstance(ax, Axes):
        raise bad_type("ax", ax, "matplotlib Axes or None", "Leave it out for a new picture.")
    room = (ax.figure.get_figwidth() - 1.2) / columns  # inches of a column
    narrow = room < 0.48
    small = {"fontsize": 7.5 if narrow else 9, "rotation": 90 if narrow else 0}
    lost = lost_at(run.history)
    for column, step in enumerate(run.history):
        _draw_step(ax, column, step, column in lost, small)
    for worker in WORKERS:
        _draw_next(ax, run, worker, small)
        _draw_lock(ax, run.history, worker)
    names = [f"worker {worker}" for worker in WORKERS]
    ax.set_yticks(range(_CELL + 1), [*names, "shared cell"])
    ax.set_xticks(range(columns), range(1, columns + 1), fontsize=min(9, 40 * room))
    ax.set(xlim=(-0.6, columns - 0.4), ylim=(_CELL + 0.5, -0.8), xlabel="step")
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(length=0)
    ax.set_title(_title(run), loc="left", fontsize=11)
    return ax


def schedule_in_words(run: Interleaving) -> list[str]:
    """What the picture shows, as sentences: the text alternative to it."""
    _check(run)
    lost = lost_at(run.history)
    lines = []
    for place, step in enumerate(run.history):
        line = f"step {place + 1}: {step.worker} {_did(step)}"
        lines.append(line + (": this overwrites an addition" if place in lost else ""))
    return [*lines, _title(run)]


def say_schedule(run: Interleaving) -> None:
    """Print `schedule_in_words`, a line each."""
    print(*schedule_in_words(run), sep="\n")


def _title(run: Interleaving) -> str:
    if not run.history:
        return f"{run.program}: the cell holds 0, and nobody has begun"
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


def _draw_step(ax: Axes, column: int, step: Step, lost: bool, small: dict) -> None:
    colour, ink = _LOOKS[step.worker]
    row = WORKERS.index(step.worker)
    _box(ax, column, row, facecolor=colour, edgecolor="white")
    if lost:
        _box(ax, column, row, facecolor="none", edgecolor="#B00020", linewidth=3, zorder=3)
        ax.annotate("✗", (column, row - 0.6), color="#B00020", ha="center", va="center")
    ax.annotate(_label(step, small), (column, row), color=ink, ha="center", va="center", **small)
    stored = step.action == STORE
    _box(ax, column, _CELL, facecolor="white", edgecolor="black" if stored else "#CCCCCC",
         linewidth=2 if stored else 1)  # fmt: skip
    ax.annotate(
        str(step.cell), (column, _CELL), ha="center", va="center",
        fontsize=small["fontsize"], weight="bold" if stored else "normal",
    )  # fmt: skip


def _draw_next(ax: Axes, run: Interleaving, worker: str, small: dict) -> None:
    action = run.next_action(worker)
    if action is None:
        return
    column, row = len(run.history), WORKERS.index(worker)
    _box(ax, column, row, facecolor="white", edgecolor=_GREY, linestyle=(0, (3, 2)))
    text = "waits" if run.why_not(worker) else action
    if not small["rotation"]:
        text = text.replace(" ", "\n")
    ax.annotate(text, (column, row), color=_GREY, ha="center", va="center", **small)


def _draw_lock(ax: Axes, history: list[Step], worker: str) -> None:
    row, since = WORKERS.index(worker) + 0.45, None
    for column, step in enumerate(history):
        if step.worker == worker and step.action == TAKE:
            since = column
        if since is not None and step.worker == worker and step.action == FREE:
            ax.plot([since - 0.4, column + 0.4], [row, row], color=_GREY, linewidth=3)
            since = None
    if since is not None:
        ax.plot([since - 0.4, len(history) - 0.6], [row, row], color=_GREY, linewidth=3)


def _label(step: Step, small: dict) -> str:
    lock = step.action in (TAKE, FREE)
    text = step.action if lock else f"{step.action} {step.register}"
    return text if small["rotation"] else text.replace(" ", "\n")


def _box(ax: Axes, column: int, row: int, **looks: object) -> None:
    ax.add_patch(Rectangle((column - 0.46, row - _BOX / 2), 0.92, _BOX, **looks))


def _check(run: object) -> None:
    if not isinstance(run, Interleaving):
        raise bad_type("run", run, "an Interleaving", "Pass Interleaving('no lock').")
