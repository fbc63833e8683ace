"""Pictures of runs, spans of time and starts, and runs and sweeps in words.

plot_timeline    a lane for each worker of a Run          timeline_rows gives its lanes
plot_spans       a bar for each span of time
plot_parts       what each Run's time went into           parts_of gives its parts
plot_engines     how long each Run took
plot_starts      what one thread or process costs to start
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from helpers.claims import tell
from helpers.engines.pool import PLAIN_LOOP
from helpers.engines.ratios import Ratio
from helpers.engines.records import Run, Sweep, TaskRecord
from helpers.measure.machine import Profile
from helpers.number_text import in_digits
from helpers.plots.speedup import draw_ratios, fit_in_words
from helpers.plots.style import (
    BLACK,
    BLUE,
    EDGE_GRAY,
    ENGINES,
    ORANGE,
    PART_GRAY,
    engine_style,
    ink,
    legend_above,
    new_axes,
)
from helpers.validation import bad_type, bad_value, number, require

_MOST_LANES = 24
_LANE_NAMES = {
    "serial": "loop",
    "threads": "thread",
    "interpreters": "interpreter",
    "asyncio": "task",
}
_PART_LOOKS = {  # color and hatch
    "start-up": (PART_GRAY, ".."),
    "inside tasks": (BLUE, ""),
    "between tasks": (ORANGE, "//"),
}
_RUN_ADVICE = "Pass what measure() returned."


def plot_timeline(run: Run, ax: Axes | None = None) -> Axes:
    """Draw a lane for each process or thread, a bar for each task; hatched is waiting.

    A worker that got no task has a lane, too, with nothing but hatching.
    """
    require("run", run, Run, _RUN_ADVICE)
    lanes = timeline_rows(run) + _lanes_without_a_task(run)
    ax = new_axes(ax)
    color = engine_style(run.engine)[0]
    for row, (_, records) in enumerate(lanes[:_MOST_LANES]):
        bars = [(record.start, record.seconds) for record in records]
        ax.broken_barh(
            [(0, run.wall)], (row - 0.38, 0.76), facecolor="white", edgecolor=EDGE_GRAY,
            hatch="////", linewidth=0,
        )  # fmt: skip
        ax.broken_barh(
            bars, (row - 0.38, 0.76), facecolor=color, edgecolor="white",
            linewidth=min(0.8, 24 / max(1, len(bars))),  # the gaps must not hide the bars
        )  # fmt: skip
    shown = min(len(lanes), _MOST_LANES)
    size = min(10, 190 / shown)  # points that a lane has room for
    ax.set_yticks(range(shown), [name for name, _ in lanes[:shown]], fontsize=size)
    ax.set(
        xlabel="seconds since the first task was sent", xlim=(0, run.wall), ylim=(shown - 0.5, -0.5)
    )
    rest = f" ({len(lanes) - shown} more lanes not drawn)" if len(lanes) > shown else ""
    ax.set_title(f"{run.worker} under {run.engine}: {len(run.records)} tasks{rest}", loc="left")
    return ax


def timeline_rows(run: Run) -> list[tuple[str, list[TaskRecord]]]:
    """Return (name, records by start) for each lane, in the order in which the lanes began.

    A lane is a process or a thread. One that has several tasks under way at a time, as asyncio
    has, gets as many lanes as it needs: a record goes into the first lane that is free.
    """
    kind = _LANE_NAMES.get(run.engine, "process")
    workers: dict[tuple[int, int], list[list[TaskRecord]]] = {}
    for record in sorted(run.records, key=lambda record: record.start):
        lanes = workers.setdefault((record.process, record.thread), [])
        for lane in lanes:
            if lane[-1].end <= record.start:
                lane.append(record)
                break
        else:
            lanes.append([record])
    rows = [lane for lanes in workers.values() for lane in lanes]
    return [(f"{kind} {i}", lane) for i, lane in enumerate(rows, 1)]


def _lanes_without_a_task(run: Run) -> list[tuple[str, list[TaskRecord]]]:
    """Return a lane for each worker that got no task."""
    kind, first = _LANE_NAMES.get(run.engine, "process"), len(run.threads) + 1
    return [(f"{kind} {i}", []) for i in range(first, run.workers + 1)]


def plot_spans(
    spans: Sequence[tuple[str, float, float]], title: str, ax: Axes | None = None
) -> Axes:
    """Draw a bar for each (name, start, end), in seconds on one clock, from the first start on."""
    _check_spans(spans)
    if not isinstance(title, str):
        raise bad_type("title", title, "a str", "Say what the bars show.")
    ax = new_axes(ax)
    zero = min(start for _, start, _ in spans)
    for row, (_, start, end) in enumerate(spans):
        ax.barh(row, end - start, left=start - zero, height=0.6, color=BLUE, edgecolor=BLACK)
    ax.set_yticks(range(len(spans)), [name for name, _, _ in spans])
    ax.invert_yaxis()
    ax.set(xlabel="seconds", xlim=(0, None))
    ax.set_title(title, loc="left")
    return ax


def parts_of(run: Run) -> dict[str, float]:
    """Return the parts of a run's whole time, in seconds: start-up, inside tasks, between tasks.

    Inside tasks is the tasks' own time, divided by the number of workers. Between tasks is the rest
    of the wall time: sending, receiving, and waiting.
    """
    work = min(run.working / run.workers, run.wall)
    return {"start-up": run.startup, "inside tasks": work, "between tasks": run.wall - work}


def plot_parts(runs: Sequence[Run], ax: Axes | None = None) -> Axes:
    """Draw a bar for each run, made of start-up, time inside tasks and time between tasks."""
    runs = _listed_runs(runs)
    ax = new_axes(ax)
    left = [0.0] * len(runs)
    for part, (color, hatch) in _PART_LOOKS.items():
        widths = [parts_of(run)[part] for run in runs]
        ax.barh(
            range(len(runs)), widths, left=left, height=0.6, color=color, hatch=hatch,
            edgecolor="white", label=part,
        )  # fmt: skip
        left = [a + b for a, b in zip(left, widths, strict=True)]
    ax.set_yticks(range(len(runs)), [_run_name(run) for run in runs])
    ax.invert_yaxis()
    ax.set(xlabel="seconds")
    legend_above(ax, 3)
    return ax


def plot_engines(runs: Sequence[Run], ax: Axes | None = None) -> Axes:
    """Draw the seconds that each run took for its work: the median round, and the range.

    A run whose range overlaps that of the fastest median is called about the same.
    """
    runs = _listed_runs(runs)
    ax = new_axes(ax)
    fastest = min(runs, key=lambda run: run.wall)
    for row, run in enumerate(runs):
        color = engine_style(run.engine)[0]
        ax.barh(row, run.wall, height=0.6, color=color, edgecolor=ink(), linewidth=0.5)
        if run.rounds > 1:
            walls = Ratio(run.wall, min(run.walls), max(run.walls))
            draw_ratios(ax, [row], [walls], color=BLACK, marker="none", across=True)
        note = " ← fastest" if run is fastest else _beside_the_fastest(run, fastest)
        ax.annotate(f" {in_digits(run.wall)} s{note}", (max(run.walls), row), va="center")
    ax.set_yticks(range(len(runs)), [_run_name(run) for run in runs])
    ax.invert_yaxis()
    longest = max(max(run.walls) for run in runs)
    how = "median and range of the rounds" if any(run.rounds > 1 for run in runs) else "one round"
    ax.set(xlabel=f"seconds for the work: {how}", xlim=(0, 1.5 * longest))
    ax.set_title(f"{runs[0].worker}: the same tasks under each engine", loc="left")
    return ax


def _beside_the_fastest(run: Run, fastest: Run) -> str:
    """Return a note on a run: how many times as long as the fastest it took, or about the same."""
    times = run.wall / fastest.wall
    overlap = run.rounds > 1 and min(run.walls) <= max(fastest.walls)
    return " (about the same)" if overlap or times < 1.05 else f" ({times:.1f} times as long)"


def plot_starts(profile: Profile, ax: Axes | None = None) -> Axes:
    """Draw the milliseconds to start and join a thread, and a process by each start method."""
    require("profile", profile, Profile, "Pass what machine.profile() returned.")
    ax = new_axes(ax)
    for row, (name, seconds) in enumerate(profile.starts.items()):
        color = ENGINES["threads" if name == "thread" else name][0]
        ax.barh(row, seconds * 1e3, height=0.6, color=color, edgecolor=BLACK, linewidth=0.5)
        ax.annotate(f" {in_digits(seconds * 1e3, 2)} ms", (seconds * 1e3, row), va="center")
    ax.set_yticks(range(len(profile.starts)), list(profile.starts))
    ax.invert_yaxis()
    longest = max(profile.starts.values()) * 1e3
    ax.set(
        xlabel="milliseconds (each mark is ten times the last)",
        xscale="log",
        xlim=(0.01, 5 * longest),
    )
    ax.minorticks_off()
    ax.set_title("Starting and joining one that does nothing", loc="left")
    return ax


def in_words(measured: Run | Sweep) -> list[str]:
    """Return what the pictures of `measured` show as sentences: the text alternative to them."""
    if isinstance(measured, Sweep):
        return _sweep_in_words(measured)
    require("measured", measured, Run, _RUN_ADVICE)
    parts = parts_of(measured)
    tasks = len(measured.results) if measured.engine == PLAIN_LOOP else len(measured.records)
    return [
        f"{_run_name(measured)} did {tasks} tasks of {measured.worker} in "
        f"{measured.wall:.3f} s, at most {measured.most_at_once()} at once{_of_rounds(measured)}",
        f"{_range(measured.cores_busy_range())} cores busy; start-up {parts['start-up']:.3f} s; "
        f"{parts['between tasks'] / measured.wall:.0%} of the time was between tasks",
    ]


def print_in_words(*measured: Run | Sweep) -> None:
    """Print `in_words` of each, on lines that tests do not compare."""
    for one in measured:
        tell(*in_words(one))


def _of_rounds(run: Run) -> str:
    """Return which round the numbers are of; empty if there was one round only."""
    if run.rounds == 1:
        return ""
    low, high = min(run.walls), max(run.walls)
    return f" (the median of {run.rounds} rounds, of {low:.3f} to {high:.3f} s)"


def _range(ratio: Ratio) -> str:
    """Return the ratio with its range if there is one."""
    return f"{ratio.median:.2f}" if ratio.lowest == ratio.highest else f"{ratio:.2f}"


def _sweep_in_words(sweep: Sweep) -> list[str]:
    lines = [
        f"one loop takes {sweep.baseline.wall:.3f} s; medians of {sweep.baseline.rounds} rounds, "
        "in brackets the lowest and the highest"
    ]
    for engine in sweep.engines:
        points = [n for n in sweep.worker_counts if any(
            (run.engine, run.workers) == (engine, n) for run in sweep.runs)]  # fmt: skip
        values = ", ".join(f"{sweep.speedup_range(engine, n):.2f} with {n}" for n in points)
        lines.append(f"{engine}, times faster by workers: {values}")
    values = ", ".join(f"{sweep.ceilings[n]:.2f} with {n}" for n in sweep.worker_counts)
    lines.append(f"this machine's ceiling, from independent interpreters: {values}")
    return [*lines, *fit_in_words(sweep), *sweep.disturbed()]


def _run_name(run: Run) -> str:
    alone = (PLAIN_LOOP, "serial", "asyncio")
    return run.engine if run.engine in alone else f"{run.engine} × {run.workers}"


def _check_spans(spans: object) -> None:
    advice = "Pass e.g. [('first', 0.0, 1.5)]."
    if not isinstance(spans, Sequence) or isinstance(spans, str):
        raise bad_type("spans", spans, "a list of (name, start, end)", advice)
    if not spans:
        raise bad_value("spans", spans, "a list with at least one (name, start, end)", advice)
    for span in spans:
        if not isinstance(span, Sequence) or len(span) != 3:
            raise bad_type("spans", span, "triples (name, start, end)", advice)
        number("start", span[1], -1e18, 1e18, advice)
        number("end", span[2], span[1], 1e18, advice)


def _listed_runs(runs: object) -> list[Run]:
    """Return the runs as a list; raise TypeError or ValueError for what is not one or more Runs."""
    advice = "Pass what measure() returned, e.g. [first, second]."
    if isinstance(runs, Run) or not hasattr(runs, "__iter__"):
        raise bad_type("runs", runs, "a list of Runs", advice)
    listed = list(runs)
    if not listed:
        raise bad_value("runs", runs, "a list with at least one Run", advice)
    for run in listed:
        require("runs", run, Run, _RUN_ADVICE)
    return listed
