"""A pipeline of real processes: no item is lost, no process is left, and its notes add up."""

from __future__ import annotations

import multiprocessing
import threading
import zlib
from itertools import pairwise

import pytest

from helpers.engines.pool import Stopped, WorkFailed
from helpers.measure.pipeline import END, Flow, Step, flow_in_words, run_pipeline
from helpers.plots.pipeline import plot_flow, plot_lengths

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture(scope="module")
def flow() -> Flow:
    """Return a run with two producers, three consumers, and a queue with a maxsize of two."""
    return run_pipeline(2, 3, 40, 50, 2, make=0.001, use=0.004)


@pytest.mark.processes
def test_every_item_comes_back_once_with_its_checksum(flow):
    assert flow.exactly_once
    assert {checksum for _, checksum in flow.checksums} == {zlib.crc32(bytes(50))}


@pytest.mark.processes
def test_each_item_is_made_put_got_and_used_once_and_each_consumer_got_its_end(flow):
    for kind in ("make", "put", "get", "use"):
        items = sorted(s.item for s in flow.steps if s.kind == kind and s.item != END)
        assert items == list(range(40))
    ends = [step.who for step in flow.steps if step.item == END]
    assert sorted(ends) == ["consumer 1", "consumer 2", "consumer 3"]
    assert sum(flow.taken.values()) == 40


@pytest.mark.processes
def test_an_item_is_got_after_its_put_began_and_nobody_does_two_things_at_once(flow):
    at = {(step.kind, step.item): step for step in flow.steps}
    assert all(at["put", item].start <= at["get", item].end for item in range(40))
    for who in flow.processes:
        mine = sorted(step[3:] for step in flow.steps if step.who == who)
        assert all(one[1] <= other[0] for one, other in pairwise(mine))


@pytest.mark.processes
def test_a_bound_keeps_the_queue_short_and_its_producer_waiting():
    free = run_pipeline(items=30, make=0.001, use=0.008)
    bounded = run_pipeline(items=30, make=0.001, use=0.008, bound=2)
    assert bounded.longest <= 2 + 1
    assert free.longest > bounded.longest
    assert bounded.share_of("put") > free.share_of("put")


@pytest.mark.processes
def test_large_items_and_more_processes_than_items_come_through():
    flow = run_pipeline(3, 4, 2, 1_000_000, 1, make=0, use=0)
    assert flow.exactly_once


@pytest.mark.processes
def test_it_tells_how_far_it_is():
    told = []
    run_pipeline(items=5, make=0, use=0, progress=lambda done, total: told.append((done, total)))
    assert told == [(n, 5) for n in range(1, 6)]


@pytest.mark.processes
def test_stop_ends_it_and_leaves_nobody():
    stop = threading.Event()
    with pytest.raises(Stopped):
        run_pipeline(items=1_000, bound=1, stop=stop, progress=lambda *_: stop.set())


@pytest.mark.processes
def test_a_consumer_that_is_killed_is_told_of_and_nobody_is_left():
    def kill_the_consumer(done: int, total: int) -> None:
        for child in multiprocessing.active_children():
            if child.name == "consumer 1":
                child.kill()

    with pytest.raises(WorkFailed, match="consumer 1 ended with exit code"):
        run_pipeline(items=1_000, progress=kill_the_consumer)


# --- the notes, as plain data ---------------------------------------------------------------------

STEPS = (
    Step("producer 1", "make", 0, 0.0, 1.0),
    Step("producer 1", "put", 0, 1.0, 1.0),
    Step("producer 1", "make", 1, 1.0, 2.0),
    Step("producer 1", "put", 1, 2.0, 4.0),
    Step("consumer 1", "get", 0, 0.0, 3.0),
    Step("consumer 1", "use", 0, 3.0, 5.0),
    Step("consumer 1", "get", 1, 5.0, 6.0),
    Step("consumer 1", "use", 1, 6.0, 8.0),
)


def small(checksums: tuple = ((0, 7), (1, 7))) -> Flow:
    return Flow(1, 1, 2, 10, 1, STEPS, checksums)


def test_the_length_counts_what_was_put_and_not_yet_got():
    assert small().lengths == [(0.0, 0), (1.0, 1), (3.0, 0), (4.0, 1), (6.0, 0)]
    assert small().longest == 1


def test_an_item_whose_get_was_noted_before_its_put_is_not_counted():
    early = STEPS[3]._replace(end=7.0)
    flow = Flow(1, 1, 2, 10, 1, (*STEPS[:3], early, *STEPS[4:]), ())
    assert flow.lengths == [(0.0, 0), (1.0, 1), (3.0, 0)]


def test_shares_are_of_the_time_of_those_who_do_it():
    flow = small()
    assert flow.share_of("put") == pytest.approx(2 / 4)
    assert flow.share_of("get") == pytest.approx(4 / 8)


@pytest.mark.parametrize("checksums", [((0, 7),), ((0, 7), (0, 7)), ((0, 7), (1, 7), (1, 7))])
def test_lost_and_doubled_items_are_seen(checksums):
    assert not small(checksums).exactly_once


def test_the_words_say_what_the_picture_shows():
    assert flow_in_words(small()) == [
        "1 producer, 1 consumer, a queue of at most 1: 2 items of 10 bytes in 8.000 s",
        "the queue held at most 1 items; the consumers got 2",
        "producers spent 50% of their time in put(), consumers 50% of theirs in get()",
    ]


def test_a_lane_for_each_and_a_line_for_each_flow():
    lanes = plot_flow(small())
    assert [label.get_text() for label in lanes.get_yticklabels()] == ["producer 1", "consumer 1"]
    legend = {text.get_text() for text in lanes.get_legend().get_texts()}
    assert legend == {"makes an item", "in put()", "in get()", "uses an item"}
    lines = plot_lengths({"one": small(), "other": small()})
    assert [text.get_text() for text in lines.get_legend().get_texts()] == ["one", "other"]


@pytest.mark.processes
def test_no_items_yet_can_be_drawn():
    plot_lengths({"": run_pipeline(items=1, make=0, use=0)})
