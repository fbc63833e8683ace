"""The channels: each brings the message, what it costs is recorded, and nothing is left of it."""

from __future__ import annotations

import multiprocessing
from multiprocessing.shared_memory import SharedMemory

import pytest

from helpers.engines import executors
from helpers.engines.ratios import Ratio
from helpers.measure import channels
from helpers.measure.channels import (
    CHANNELS,
    SIZES,
    Exchange,
    Exchanges,
    measure_channels,
    measure_one,
)
from helpers.measure.transports import NAMES, NoAnswer, open_channels
from tests.running_processes import METHODS

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_the_other_side_answers_with_the_last_byte_of_what_came_over_every_channel(method):
    with open_channels(NAMES, 70_000, executors.context(method)) as opened:
        for one in opened.values():
            for message in (b"\x07", b"x" * 69_999 + b"\xff", b"abc"):
                one.prepare(message)
                assert one.exchange(message) == message[-1]


@pytest.mark.processes
def test_every_channel_is_measured_at_every_size_and_progress_is_told():
    told = []
    measured = measure_channels(sizes=(16, 4096), progress=lambda *step: told.append(step))
    assert measured.channels == CHANNELS
    assert measured.sizes == (16, 4096)
    assert told == [(1, 2), (2, 2)]
    assert measured.note == ""
    for one in measured.all:
        assert 1 <= len(one.rounds) <= 5
        assert 0 < min(one.rounds) <= one.seconds <= max(one.rounds)


@pytest.mark.processes
def test_bytes_moved_are_the_pickled_size_once_for_each_time_that_it_is_sent():
    size = 4096
    measured = measure_channels(sizes=(size,))
    moved = {one.channel: one.moved for one in measured.all}
    assert size < moved["pipe"] < size + 100
    assert moved["process queue"] == moved["pipe"] == moved["manager"] / 2
    assert moved["shared memory, copied in"] == size
    assert moved["thread queue"] == moved["shared memory"] == 0


@pytest.mark.processes
def test_one_channel_is_measured_message_by_message():
    point = measure_one(("shared memory", 1000, 7))
    assert (point.channel, point.size, len(point.rounds), point.moved) == (
        "shared memory", 1000, 7, 0,
    )  # fmt: skip


def test_a_ratio_is_of_the_median_rounds():
    measured = Exchanges(
        (Exchange("pipe", 16, (3.0, 2.0, 1.0), 31), Exchange("manager", 16, (8.0,), 62))
    )
    assert measured.ratio("manager", "pipe", 16) == 4.0
    assert measured.ratio_range("pipe", "manager", 16) == Ratio(0.375, 0.375, 0.375)
    with pytest.raises(ValueError, match="measured, as pipe at 16, manager at 16"):
        measured.of("pipe", 17)


@pytest.mark.processes
def test_sizes_for_which_there_is_no_room_are_left_out_and_said_so(monkeypatch):
    monkeypatch.setattr(channels, "room", lambda: 5000)
    measured = measure_channels(("pipe",), (16, 4096, 65_536))
    assert measured.sizes == (16, 4096)
    assert measured.note == "only up to 4 KiB: there is no room here for larger messages"


@pytest.mark.processes
def test_sizes_that_would_take_too_long_are_left_out_and_said_so(monkeypatch):
    monkeypatch.setattr(channels, "_MOST_SECONDS", 0.0)
    measured = measure_channels(("pipe",), (16, 4096))
    assert measured.sizes == (16,)
    assert measured.note == "only up to 16 B: larger messages would take too long here now"


def test_there_is_room_for_something_and_a_container_counts(monkeypatch):
    free = channels.room()
    assert free > 2**20
    monkeypatch.setattr(channels, "_container_room", lambda: [8_000])
    assert channels.room() == 1_000


@pytest.mark.processes
@pytest.mark.parametrize("name", ["pipe", "process queue", "shared memory"])
def test_the_death_of_the_other_side_is_no_hang(name, monkeypatch):
    monkeypatch.setattr("helpers.measure.transports._LIMIT", 0.2)
    with (
        pytest.raises(NoAnswer, match="The other side of the"),
        open_channels((name,), 16, executors.context("processes")) as opened,
    ):
        (child,) = multiprocessing.active_children()
        child.kill()
        child.join()
        opened[name].exchange(b"x")


@pytest.mark.processes
def test_an_interrupt_leaves_no_process_and_no_memory(monkeypatch):
    made = []

    def noted(*args: object, **options: object) -> SharedMemory:
        made.append(SharedMemory(*args, **options))
        return made[-1]

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("helpers.measure.transports.SharedMemory", noted)
    with pytest.raises(KeyboardInterrupt):
        measure_channels(sizes=(16,), progress=interrupt)
    assert multiprocessing.active_children() == []
    with pytest.raises(FileNotFoundError):
        SharedMemory(name=made[0].name)


def test_sizes_and_times_are_told_in_words():
    assert [channels.in_bytes(size) for size in SIZES[::2]] == ["16 B", "4 KiB", "1 MiB", "256 MiB"]
    assert channels.in_bytes(2**31) == "2 GiB"
    assert channels.in_seconds(1.24e-5) == "12.4 µs"
    assert channels.in_seconds(0.0032) == "3.2 ms"
    assert channels.in_seconds(1.5) == "1.5 s"


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"channels": "pipe"}, "channels must be a list of names"),
        ({"channels": ()}, "at least one name"),
        ({"sizes": 16}, "sizes must be a list of whole numbers"),
        ({"sizes": ()}, "at least one number"),
        ({"sizes": (2**40,)}, "sizes must be a whole number from 1 to"),
        ({"method": "magic"}, "method must be one of"),
    ],
)
def test_what_cannot_be_measured_is_refused(options, match):
    with pytest.raises((TypeError, ValueError), match=match):
        measure_channels(**options)
