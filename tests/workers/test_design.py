"""What lesson 10 stands on: strips with halos, tables, stages, draws and settings."""

from __future__ import annotations

import multiprocessing
import queue
import threading

import numpy as np
import pytest

from helpers.workers import design
from helpers.workers.compute import blur_image
from helpers.workers.design import (
    count_alone,
    count_locked,
    draw_from,
    messages_of,
    points_inside,
)  # fmt: skip
from helpers.workers.strips import cut_strips, put_together
from helpers.workers.workloads import gray_picture

WORDS = ["to", "be", "or", "not", "to", "be"]


@pytest.mark.parametrize("pieces", [1, 2, 3, 7, 20])
def test_strips_with_a_halo_of_as_many_rows_as_passes_give_the_whole_picture(pieces):
    picture = gray_picture(13, 20)
    strips = cut_strips(picture, 13, pieces, halo=4)
    blurred = [blur_image((strip.pixels, 13, 4)) for strip in strips]
    assert put_together(strips, blurred, 13) == blur_image((picture, 13, 4))


def test_a_halo_that_is_too_small_gives_another_picture():
    picture = gray_picture(13, 20)
    strips = cut_strips(picture, 13, 2, halo=2)
    blurred = [blur_image((strip.pixels, 13, 4)) for strip in strips]
    assert put_together(strips, blurred, 13) != blur_image((picture, 13, 4))


def test_a_picture_is_cut_with_its_neighbors_rows():
    strips = cut_strips(bytes(range(6)), 1, 3, halo=1)
    assert [(list(s.pixels), s.above, s.rows) for s in strips] == [
        ([0, 1, 2], 0, 2), ([1, 2, 3, 4], 1, 2), ([3, 4, 5], 1, 2)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "arguments", [("text", 2, 1, 0), (b"12345", 2, 1, 0), (b"", 2, 1, 0), (b"1234", 2, 3, 0)]
)
def test_what_can_not_be_cut_is_refused(arguments):
    with pytest.raises((TypeError, ValueError), match="whole rows of pixels"):
        cut_strips(*arguments)


@pytest.mark.processes
@pytest.mark.usefixtures("quiet")
def test_each_call_of_a_proxy_counts_as_two_messages():
    with multiprocessing.Manager() as manager:
        table = manager.dict()
        assert messages_of(count_locked, WORDS, table, manager.Lock()) == 8 * len(WORDS)
        assert table.copy() == {2: 5, 3: 1}
    assert count_alone(WORDS) == {2: 5, 3: 1}


def test_counting_the_calls_leaves_nothing_changed():
    before = multiprocessing.managers.BaseProxy._callmethod
    with pytest.raises(TypeError):
        messages_of(count_locked, [5], {}, threading.Lock())
    assert multiprocessing.managers.BaseProxy._callmethod is before


def test_a_pipeline_ends_when_asked_and_loses_nothing():
    numbers, squares, answers = queue.Queue(4), queue.Queue(4), queue.Queue()
    stop, enough = threading.Event(), threading.Event()
    line = [
        threading.Thread(target=design.produce, args=(stop, numbers, answers)),
        threading.Thread(target=design.square, args=(numbers, squares, answers)),
        threading.Thread(target=design.add_up, args=(squares, enough, 10, answers)),
    ]
    for stage in line:
        stage.start()
    assert enough.wait(10)
    stop.set()
    told = {name: rest for name, *rest in (answers.get(timeout=10) for _ in line)}
    for stage in line:
        stage.join()
    count, total = told["added"]
    assert told["produced"] == told["squared"] == [count]
    assert count >= 10
    assert total == sum(number**2 for number in range(count))


def test_records_go_into_the_queue_once_and_nowhere_else(caplog):
    records = queue.Queue()
    design.log_records("some writer", 3, records)
    assert [records.get_nowait().getMessage() for _ in range(3)] == [
        "record 0", "record 1", "record 2"
    ]  # fmt: skip
    assert records.empty()
    assert caplog.records == []


def test_one_worker_looks_at_the_global_and_the_other_at_its_task(monkeypatch):
    monkeypatch.setattr(design, "rate", 5)
    assert design.price_at_global_rate(2) == 10
    assert design.price((2, 3)) == 6


def test_points_inside_are_a_quarter_circles_share_and_follow_the_seed():
    seed = np.random.SeedSequence(1)
    found = points_inside((seed, 200_000))
    assert found / 200_000 == pytest.approx(np.pi / 4, abs=0.005)
    assert points_inside((np.random.SeedSequence(1), 200_000)) == found


def test_drawing_moves_the_generator_that_it_is_given():
    generator = np.random.default_rng(1)
    assert draw_from(generator) != draw_from(generator)


@pytest.mark.parametrize("wrong", [5, None, np.random.SeedSequence(1)])
def test_what_is_no_generator_or_task_is_refused(wrong):
    with pytest.raises(TypeError, match="generator must be a NumPy Generator"):
        draw_from(wrong)
    with pytest.raises(TypeError, match=r"task must be a tuple \(seed, count\)"):
        points_inside(wrong)
