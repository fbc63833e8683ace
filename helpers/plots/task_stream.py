"""Dask's own record of what its workers did, as a picture and in words.

    get_task_stream(client) -> records, a dict a task run -> plot_stream, stream_in_words

A record has the worker's address, the key of the task, and `startstops`: what was done from when
to when, on the worker's clock. https://distributed.dask.org/en/stable/diagnosing-performance.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from helpers.claims import tell
from helpers.validation import bad_type, of_kind

_LOOKS = {  # Okabe and Ito's colours; a hatch too, for prints in grey
    "compute": ("#0072B2", ""),
    "transfer": ("#D55E00", "xx"),
    "deserialize": ("#999999", ".."),
    "disk-read": ("#E69F00", "//"),
    "disk-write": ("#E69F00", "\\\\"),
}
_SIZE = (6.6, 3.0)


class Span(NamedTuple):
    """One thing that a worker did: `start` and `end` in seconds since the first of them."""

    worker: str
    key: str
    action: str
    start: float
    end: float


def spans_of(records: Iterable[Mapping]) -> list[Span]:
    """Everything in the task stream as spans, by start; TypeError for what is no task stream."""
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
    """The spans of each worker, the workers in the order in which they began."""
    of_kind("spans", spans, list, "Pass what spans_of() returned.")
    lanes: dict[str, list[Span]] = {}
    for span in spans:
        lanes.setdefault(span.worker, []).append(span)
    return lanes


def plot_stream(records: Iterable[Mapping], ax: Axes | None = None) -> Axes:
    """A lane for each worker, a bar for each thing it did; white is when it did nothing."""
    lanes = lanes_of(spans_of(records))
    ax = plt.subplots(figsize=_SIZE, layout="constrained")[1] if ax is None else ax
    named: set[str] = set()
    for row, spans in enumerate(lanes.values()):
        for action in dict.fromkeys(span.action for span in spans):
            colour, hatch = _LOOKS.get(action, ("black", ""))
            bars = [(one.start, one.end - one.start) for one in spans if one.action == action]
            ax.broken_barh(
                bars, (row - 0.36, 0.72), facecolor=colour, hatch=hatch, edgecolor="white",
                linewidth=min(0.8, 24 / len(bars)), label=None if action in named else action,
            )  # fmt: skip
            named.add(action)
    ax.set_yticks(range(len(lanes)), [f"worker {number}" for number in range(1, len(lanes) + 1)])
    ax.set(xlabel="seconds since the first task began", ylim=(max(1, len(lanes)) - 0.5, -0.5))
    ax.spines[["top", "right"]].set_visible(False)
    if named:
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, frameon=False)
    return ax


def stream_in_words(records: Iterable[Mapping]) -> list[str]:
    """What `plot_stream` shows, as sentences: the text alternative to it."""
    spans = spans_of(records)
    sentences = []
    for number, mine in enumerate(lanes_of(spans).values(), 1):
        seconds: dict[str, float] = {}
        for span in mine:
            seconds[span.action] = seconds.get(span.action, 0.0) + span.end - span.start
        tasks = len({(span.key, span.start) for span in mine if span.action == "compute"})
        parts = ", ".join(f"{action} {value:.3f} s" for action, value in seconds.items())
        sentences.append(
            f"worker {number} finished {tasks} tasks until {mine[-1].end:.2f} s: {parts}"
        )
    return sentences or ["no task has been finished yet"]


def say_stream(records: Iterable[Mapping]) -> None:
    """Print `stream_in_words`, in the form that tests do not compare."""
    tell(*stream_in_words(records))
