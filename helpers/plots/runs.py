"""Pictures of what was measured, and the same in words: a Run or a Sweep in, Axes or text out.

Colours are Okabe and Ito's, which the colour-blind can tell apart; every engine also has a marker
and a line of its own, so that a print in grey can be read. Lines are named where they end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers.claims import tell
from helpers.engines.records import Run, Sweep, TaskRecord
from helpers.measure.machine import Profile, usable_cores
from helpers.measure.scaling import amdahl
from helpers.validation import bad_type, bad_value, number, whole_number

# https://jfly.uni-koeln.de/color/ (M. Okabe, K. Ito): colour, marker, line
STYLES = {
    "serial": ("#000000", "o", "-"),
    "threads": ("#D55E00", "s", "--"),
    "processes": ("#0072B2", "o", "-"),
    "spawn": ("#56B4E9", "^", "-."),
    "forkserver": ("#009E73", "D", ":"),
    "fork": ("#E69F00", "v", "--"),
    "interpreters": ("#CC79A7", "P", "-."),
    "asyncio": ("#882255", "X", ":"),
    "dask": ("#7A7A00", "*", "-."),
}
_GREY = "#767676"  # 4.5 : 1 against white
_SIZE = (6.6, 3.8)
_MAX_LANES = 24
_LANES = {"serial": "loop", "threads": "thread", "interpreters": "interpreter", "asyncio": "task"}


def plot_speedup(sweep: Sweep, ax: Axes | None = None) -> Axes:
    """Speed-up by workers: measured with its spread, ideal, the machine's ceiling, Amdahl's fit."""
    _check("sweep", sweep, Sweep)
    ax = new_axes(ax)
    counts = sweep.worker_counts
    ends: list[tuple[float, str, str]] = []
    ax.plot(counts, counts, color=_GREY, linewidth=1, linestyle=(0, (1, 3)))
    ends.append((counts[-1], "ideal", _GREY))
    ceiling = [sweep.ceilings[n] for n in counts]
    ax.plot(counts, ceiling, color="black", linewidth=1.2, marker="_", markersize=12)
    ends.append((ceiling[-1], "this machine's ceiling", "black"))
    for engine in sweep.engines:
        ends.append(_plot_engine(ax, sweep, engine))
    _label_ends(ax, counts[-1], ends)
    ax.set(xlabel="workers", ylabel="speed-up over one loop (times)", ylim=(0, None))
    ax.set_title(f"{sweep.baseline.worker}: speed-up by workers", loc="left")
    ax.set_xlim(counts[0] - 0.3, counts[-1] + 0.3)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return ax


def _plot_engine(ax: Axes, sweep: Sweep, engine: str) -> tuple[float, str, str]:
    runs = sorted((r for r in sweep.runs if r.engine == engine), key=lambda run: run.workers)
    counts = [run.workers for run in runs]
    best = [sweep.speedup(engine, n) for n in counts]
    worst = [sweep.baseline.wall / max(run.walls) for run in runs]
    colour, marker, line = STYLES.get(engine, (_GREY, "o", "-"))
    down = [high - low for high, low in zip(best, worst, strict=True)]
    ax.errorbar(
        counts, best, yerr=[down, [0] * len(down)], color=colour, linestyle="none", capsize=3
    )
    ax.plot(counts, best, color=colour, marker=marker, linestyle=line)
    serial = sweep.serial_fraction(engine, usable_cores())
    name = engine
    if serial is not None and len(counts) > 1:
        fine = [counts[0] + (counts[-1] - counts[0]) * i / 50 for i in range(51)]
        ax.plot(fine, [amdahl(n, serial) for n in fine], color=colour, linewidth=0.8, alpha=0.7)
        name = f"{engine} (Amdahl: {serial:.0%} serial)"
    return best[-1], name, colour


def plot_timeline(run: Run, ax: Axes | None = None) -> Axes:
    """A lane for each process or thread, a bar for each task; where a lane is hatched, it waits."""
    _check("run", run, Run)
    lanes = timeline_rows(run)
    ax = new_axes(ax)
    colour = STYLES.get(run.engine, (_GREY, "o", "-"))[0]
    for row, (_, records) in enumerate(lanes[:_MAX_LANES]):
        bars = [(record.start, record.seconds) for record in records]
        ax.broken_barh(
            [(0, run.wall)], (row - 0.38, 0.76), facecolor="white", edgecolor="#BBBBBB",
            hatch="////", linewidth=0,
        )  # fmt: skip
        ax.broken_barh(
            bars, (row - 0.38, 0.76), facecolor=colour, edgecolor="white",
            linewidth=min(0.8, 24 / len(bars)),  # the gaps must not hide the bars
        )  # fmt: skip
    shown = min(len(lanes), _MAX_LANES)
    size = min(10, 190 / shown)  # points that a lane has room for
    ax.set_yticks(range(shown), [name for name, _ in lanes[:shown]], fontsize=size)
    ax.set(
        xlabel="seconds since the first task was sent", xlim=(0, run.wall), ylim=(shown - 0.5, -0.5)
    )
    rest = f" ({len(lanes) - shown} more lanes not drawn)" if len(lanes) > shown else ""
    ax.set_title(f"{run.worker} under {run.engine}: {len(run.records)} tasks{rest}", loc="left")
    return ax


def timeline_rows(run: Run) -> list[tuple[str, list[TaskRecord]]]:
    """(name, its records by start) for each lane, in the order they began.

    A lane is a process or a thread; one that has several tasks under way at a time, as asyncio
    has, gets as many lanes as it needs.
    """
    _check("run", run, Run)
    kind = _LANES.get(run.engine, "process")
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


def plot_spans(
    spans: Sequence[tuple[str, float, float]], title: str, ax: Axes | None = None
) -> Axes:
    """A bar for each (name, start, end), seconds on one clock, counted from the first start."""
    _check_spans(spans)
    if not isinstance(title, str):
        raise bad_type("title", title, "a str", "Say what the bars show.")
    ax = new_axes(ax)
    zero = min(start for _, start, _ in spans)
    for row, (_, start, end) in enumerate(spans):
        ax.barh(row, end - start, left=start - zero, height=0.6, color="#0072B2", edgecolor="black")
    ax.set_yticks(range(len(spans)), [name for name, _, _ in spans])
    ax.invert_yaxis()
    ax.set(xlabel="seconds", xlim=(0, None))
    ax.set_title(title, loc="left")
    return ax


def parts_of(run: Run) -> dict[str, float]:
    """The run's whole time as parts, in seconds: start-up, work, and what is neither.

    Inside tasks is the time summed over tasks and divided by the workers; between tasks is the rest
    of the wall time: sending, receiving, and waiting for one another.
    """
    _check("run", run, Run)
    work = min(run.working / run.workers, run.wall)
    return {"start-up": run.startup, "inside tasks": work, "between tasks": run.wall - work}


def plot_parts(runs: Sequence[Run], ax: Axes | None = None) -> Axes:
    """Start-up, time inside tasks and time between them: the parts of each run's bar."""
    runs = _runs(runs)
    ax = new_axes(ax)
    left = [0.0] * len(runs)
    looks = {
        "start-up": ("#999999", ".."),
        "inside tasks": ("#0072B2", ""),
        "between tasks": ("#E69F00", "//"),
    }
    for part, (colour, hatch) in looks.items():
        widths = [parts_of(run)[part] for run in runs]
        ax.barh(
            range(len(runs)), widths, left=left, height=0.6, color=colour, hatch=hatch,
            edgecolor="white", label=part,
        )  # fmt: skip
        left = [a + b for a, b in zip(left, widths, strict=True)]
    ax.set_yticks(range(len(runs)), [_run_name(run) for run in runs])
    ax.invert_yaxis()
    ax.set(xlabel="seconds")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False)
    return ax


def plot_engines(runs: Sequence[Run], ax: Axes | None = None) -> Axes:
    """The seconds each run took for its work, a bar a run, the fastest named."""
    runs = _runs(runs)
    ax = new_axes(ax)
    fastest = min(runs, key=lambda run: run.wall)
    for row, run in enumerate(runs):
        colour = STYLES.get(run.engine, (_GREY, "o", "-"))[0]
        ax.barh(row, run.wall, height=0.6, color=colour, edgecolor="black", linewidth=0.5)
        note = " ← fastest" if run is fastest else _times_as_long(run.wall / fastest.wall)
        ax.annotate(f" {run.wall:.3g} s{note}", (run.wall, row), va="center")
    ax.set_yticks(range(len(runs)), [_run_name(run) for run in runs])
    ax.invert_yaxis()
    ax.set(xlabel="seconds for the work", xlim=(0, 1.5 * max(run.wall for run in runs)))
    ax.set_title(f"{runs[0].worker}: the same tasks under each engine", loc="left")
    return ax


def plot_sweeps(sweeps: dict[str, Sweep], workers: int = 2, ax: Axes | None = None) -> Axes:
    """Speed-up of each work under each engine, a row a work, with the machine's ceiling for it."""
    if not isinstance(sweeps, dict) or not sweeps:
        raise bad_type("sweeps", sweeps, "a dict of name: Sweep", "Pass {'primes': sweep(…)}.")
    whole_number("workers", workers, 1, 1_000, "Pass a number of workers that was measured.")
    ax = new_axes(ax)
    named: set[str] = set()
    for row, sweep in enumerate(sweeps.values()):
        _check("sweeps", sweep, Sweep)
        for engine in sweep.engines:
            colour, marker, _ = STYLES[engine]
            ax.plot(
                sweep.speedup(engine, workers), row, color=colour, marker=marker, markersize=9,
                linestyle="none", label=None if engine in named else engine,
            )  # fmt: skip
            named.add(engine)
        ax.plot(
            sweep.ceilings[workers], row, color="black", marker="|", markersize=20,
            linestyle="none", label=None if row else "this machine's ceiling",
        )  # fmt: skip
    ax.axvline(1, color=_GREY, linewidth=1, linestyle=(0, (1, 3)))
    ax.annotate("one loop", (1, -0.45), color=_GREY, ha="center", va="bottom")
    ax.set_yticks(range(len(sweeps)), list(sweeps))
    ax.set(
        xlabel=f"speed-up with {workers} workers (times)",
        xlim=(0, None),
        ylim=(len(sweeps) - 0.5, -0.5),
    )
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.03), ncols=4, frameon=False)
    return ax


def _times_as_long(times: float) -> str:
    return " (about the same)" if times < 1.05 else f" ({times:.1f} times as long)"


def plot_starts(profile: Profile, ax: Axes | None = None) -> Axes:
    """Milliseconds to start and join one thread, and one process by each method: a bar each."""
    _check("profile", profile, Profile)
    ax = new_axes(ax)
    for row, (name, seconds) in enumerate(profile.starts.items()):
        colour = STYLES["threads" if name == "thread" else name][0]
        ax.barh(row, seconds * 1e3, height=0.6, color=colour, edgecolor="black", linewidth=0.5)
        ax.annotate(f" {seconds * 1e3:.2g} ms", (seconds * 1e3, row), va="center")
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
    """What the pictures of `measured` show, as sentences: the text alternative to them."""
    if isinstance(measured, Sweep):
        return _sweep_in_words(measured)
    _check("measured", measured, Run)
    parts = parts_of(measured)
    return [
        f"{_run_name(measured)} did {len(measured.records)} tasks of {measured.worker} in "
        f"{measured.wall:.3f} s, {measured.most_at_once()} at once at the most",
        f"{measured.cores_busy:.2f} cores busy; start-up {parts['start-up']:.3f} s; "
        f"{parts['between tasks'] / measured.wall:.0%} of the time was between tasks",
    ]


def say(*measured: Run | Sweep) -> None:
    """Print `in_words` of each, in the form that tests do not compare."""
    for one in measured:
        tell(*in_words(one))


def _sweep_in_words(sweep: Sweep) -> list[str]:
    lines = [f"one loop takes {sweep.baseline.wall:.3f} s"]
    for engine in sweep.engines:
        points = [n for n in sweep.worker_counts if any(
            (run.engine, run.workers) == (engine, n) for run in sweep.runs)]  # fmt: skip
        values = ", ".join(f"{sweep.speedup(engine, n):.2f} with {n}" for n in points)
        lines.append(f"{engine}, times faster by workers: {values}")
    values = ", ".join(f"{sweep.ceilings[n]:.2f} with {n}" for n in sweep.worker_counts)
    return [*lines, f"this machine's ceiling, from independent interpreters: {values}"]


def _run_name(run: Run) -> str:
    return run.engine if run.engine in ("serial", "asyncio") else f"{run.engine} × {run.workers}"


def _label_ends(ax: Axes, x: float, ends: Sequence[tuple[float, str, str]]) -> None:
    """Name each line at its end, moved apart where names would lie on one another."""
    top = max(y for y, _, _ in ends) or 1.0
    gap, last = 0.075 * top, -1.0
    for y, text, colour in sorted(ends):
        last = max(y, last + gap)
        ax.annotate(
            text, (x, y), xytext=(1.02, last / (1.08 * top)),
            textcoords="axes fraction", color=_readable(colour), va="center", annotation_clip=False,
        )  # fmt: skip
    ax.set_ylim(0, 1.08 * top)


def _readable(colour: str) -> str:
    """Text needs more contrast with white than a line does: light colours get black text."""
    return "black" if colour in ("#56B4E9", "#E69F00", "#CC79A7", "#009E73") else colour


def new_axes(ax: Axes | None) -> Axes:
    """`ax` itself, or the only Axes of a new figure; without the lines above and on the right."""
    if ax is None:
        _, ax = plt.subplots(figsize=_SIZE, layout="constrained")
    elif not isinstance(ax, Axes):
        raise bad_type("ax", ax, "matplotlib Axes or None", "Leave it out for a new picture.")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    return ax


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


def _runs(runs: object) -> list[Run]:
    advice = "Pass what measure() returned, e.g. [first, second]."
    if isinstance(runs, Run) or not hasattr(runs, "__iter__"):
        raise bad_type("runs", runs, "a list of Runs", advice)
    listed = list(runs)
    if not listed:
        raise bad_value("runs", runs, "a list with at least one Run", advice)
    for run in listed:
        _check("runs", run, Run)
    return listed


def _check(name: str, value: object, kind: type | Callable) -> None:
    if not isinstance(value, kind):
        made_by = {Sweep: "sweep()", Profile: "machine.profile()"}.get(kind, "measure()")
        raise bad_type(name, value, f"a {kind.__name__}", f"Pass what {made_by} returned.")
