"""What lesson 05's children do with pipes and events, tried without processes."""

from __future__ import annotations

from multiprocessing import Condition, Event, Pipe, Value

from helpers.workers import pipes


def test_texts_come_back_in_capitals_until_none_comes():
    ours, theirs = Pipe()
    with ours, theirs:
        ours.send("pipe")
        ours.send(None)
        pipes.answer_in_capitals(theirs)
        assert ours.recv() == "PIPE"


def test_the_seconds_are_sent_after_the_work():
    reader, writer = Pipe(duplex=False)
    with reader, writer:
        pipes.send_after(0.0, writer)
        assert reader.recv() == 0.0


def test_a_notification_from_before_is_lost_and_an_event_stays_set():
    condition, event = Condition(), Event()
    with condition:
        condition.notify_all()
    event.set()
    ours, theirs = Pipe()
    with ours, theirs:
        pipes.wait_for_condition(condition, theirs)
        assert ours.recv() is False
        pipes.wait_for_event(event, theirs)
        assert ours.recv() is True


def test_a_flag_that_was_set_before_the_wait_is_seen():
    condition, flag = Condition(), Value("i", 0)
    ours, theirs = Pipe()
    with ours, theirs:
        for value, seen in ((0, False), (1, True)):
            flag.value = value
            pipes.wait_for_flag(condition, flag, theirs)
            assert ours.recv() is seen
