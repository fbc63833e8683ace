"""The picture of Dask's task stream, its record of what the workers did, and the same in words.

    get_task_stream(client) ─> records, one for each task ─> plot_stream, stream_in_words

A record has the worker's address, the key of the task, and `startstops`: what the worker did from
when to when, on its own clock. https://distributed.dask.org/en/stable/diagnosing-performance.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from helpers.claims import tell
from helpers.plots.style import BLACK, BLUE, ORANGE, PART_GRAY, RED, legend_above, new_axes
from helpers.validation import bad_type

_LOOKS = {  # color and hatch
    "compute": (BLUE, ""),
    "transfer": (RED, "xx"),
    "deserialize": (PART_GRAY, ".."),
    "disk-read": (ORANGE, "//"),
    "disk-write": (ORANGE, "\\\\"),
}
_SIZE = (6.6, 3.0)  # inches


class Span(NamedTuple):
    """One action of a worker; `start` and `end` are seconds since the first span began."""

    worker: str
    key: str
    action: str
    start: float
    end: float


def spans_of(records: Iterable[Mapping]) -> list[Span]:
    """Return the records' spans, sorted by start. Raise TypeError for what is not a task stream."""
    advice = "Pass stream.data of get_task_stream(client), or client.get_task_stream()."
    if isinstance(records, (str, bytes, Mapping)) or not isinstance(records, Iterable):
        raise bad_type("records", records, "a list of records", advice)
    found = []
    for record in records:
        if not isinstance(record, Mapping) or not {"worker", "key", "startstops"} <= set(record):
            raise bad_type("record", record, "a record of Dask's task stream", advice)
        for part in record["startstops"]:
            span = (record["worker"], str(record["key"]), part["action"])
            found.append(Span(*span, part["start"], part["stop"]))
    zero = min((span.start for span in found), default=0.0)
    moved = [span._replace(start=span.start - zero, end=span.end - zero) for span in found]
    return sorted(moved, key=lambda span: span.start)


def lanes_of(spans: Sequence[Span]) -> dict[str, list[Span]]:
    """Return the spans of each worker, the workers in the order in which they began."""
    lanes: dict[str, list[Span]] = {}
    for span in spans:
        lanes.setdefault(span.worker, []).append(span)
    return lanes


def plot_stream(records: Iterable[Mapping], ax: Axes | None = None) -> Axes:
    """Draw a lane for each worker and a bar for each action that it finished."""
    lanes = lanes_of(spans_of(records))
    ax = new_axes(ax, _SIZE)
    named: set[str] = set()
    for row, spans in enumerate(lanes.values()):
        for action in dict.fromkeys(span.action for span in spans):
            color, hatch = _LOOKS.get(action, (BLACK, ""))
            bars = [(one.start, one.end - one.start) for one in spans if one.action == action]
            ax.broken_barh(
                bars, (row - 0.36, 0.72), facecolor=color, hatch=hatch, edgecolor="white",
                linewidth=min(0.8, 24 / len(bars)), label=None if action in named else action,
            )  # fmt: skip
            named.add(action)
    ax.set_yticks(range(len(lanes)), [f"worker {number}" for number in range(1, len(lanes) + 1)])
    ax.set(xlabel="seconds since the first task began", ylim=(max(1, len(lanes)) - 0.5, -0.5))
    if named:
        legend_above(ax, 4)
    return ax


def stream_in_words(records: Iterable[Mapping]) -> list[str]:
    """Return what `plot_stream` shows, as sentences: the text alternative to it."""
    spans = spans_of(records)
    sentences = []
    for number, spans_of_worker in enumerate(lanes_of(spans).values(), 1):
        seconds: dict[str, float] = {}
        for span in spans_of_worker:
            seconds[span.action] = seconds.get(span.action, 0.0) + span.end - span.start
        tasks = len(
            {(span.key, span.start) for span in spans_of_worker if span.action == "compute"}
        )
        parts = ", ".join(f"{action} {value:.3f} s" for action, value in seconds.items())
        sentences.append(
            f"worker {number} finished {tasks} tasks until {spans_of_worker[-1].end:.2f} s: {parts}"
        )
    return sentences or ["no task has been finished yet"]


def print_stream(records: Iterable[Mapping]) -> None:
    """Print `stream_in_words`, on lines that tests do not compare."""
    tell(*stream_in_words(records))
