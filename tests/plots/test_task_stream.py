"""Dask's task stream as spans, lanes, a picture and words."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from helpers.plots.task_stream import lanes_of, plot_stream, spans_of, stream_in_words

WORK = {"action": "compute", "start": 101.0, "stop": 103.0}
FETCH = {"action": "transfer", "start": 100.5, "stop": 101.0}
RECORDS = [
    {"worker": "tcp://b", "key": "two", "startstops": (FETCH, WORK)},
    {"worker": "tcp://a", "key": "one", "startstops": ({**WORK, "start": 100.0},)},
]


def test_spans_count_from_the_first_start():
    spans = spans_of(RECORDS)
    assert [(span.action, span.start, span.end) for span in spans] == [
        ("compute", 0.0, 3.0),
        ("transfer", 0.5, 1.0),
        ("compute", 1.0, 3.0),
    ]


def test_a_lane_is_a_worker_in_the_order_in_which_they_began():
    assert list(lanes_of(spans_of(RECORDS))) == ["tcp://a", "tcp://b"]


def test_the_words_say_what_each_worker_did():
    assert stream_in_words(RECORDS) == [
        "worker 1 finished 1 tasks until 3.00 s: compute 3.000 s",
        "worker 2 finished 1 tasks until 3.00 s: transfer 0.500 s, compute 2.000 s",
    ]
    assert stream_in_words([]) == ["no task has been finished yet"]


def test_the_picture_has_a_lane_for_each_worker_and_a_name_for_each_action():
    ax = plot_stream(RECORDS, Figure().subplots())
    assert [label.get_text() for label in ax.get_yticklabels()] == ["worker 1", "worker 2"]
    assert sorted(t.get_text() for t in ax.get_legend().get_texts()) == ["compute", "transfer"]
    assert plot_stream([], Figure().subplots()).get_legend() is None


@pytest.mark.parametrize("records", [None, "text", {}, [5], [{"worker": "tcp://a"}]])
def test_what_is_no_task_stream_is_refused(records):
    with pytest.raises(TypeError, match=r"Pass stream\.data"):
        spans_of(records)
