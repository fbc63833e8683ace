"""What the lesson's children do, tried without processes."""

from __future__ import annotations

import contextlib
import threading
from multiprocessing import Pipe
from multiprocessing.shared_memory import SharedMemory

import numpy as np

from helpers.workers import sharing

ALONE = threading.Barrier(1)
NO_LOCK = contextlib.nullcontext()


def test_numbers_are_squared_where_they_lie():
    memory = SharedMemory(create=True, size=24)
    try:
        numbers = np.frombuffer(memory.buf, np.float64, 3)
        numbers[:] = (1, 2, 3)
        sharing.square(memory.name, 3)
        assert list(numbers) == [1, 4, 9]
        del numbers
    finally:
        memory.close()
        memory.unlink()


def test_texts_come_back_in_capitals_until_none_comes():
    ours, theirs = Pipe()
    with ours, theirs:
        ours.send("pipe")
        ours.send(None)
        sharing.answer_in_capitals(theirs)
        assert ours.recv() == "PIPE"


def test_who_adds_or_presses_alone_loses_nothing():
    table, counter = {"n": 0}, sharing.Counter()
    sharing.add_often(table, 50, NO_LOCK, ALONE)
    sharing.press_often(counter, 50, NO_LOCK, ALONE)
    assert (table["n"], counter.read()) == (50, 50)


def test_wrong_answers_are_counted():
    class Odd(dict):
        def __getitem__(self, key: str) -> tuple:
            return ("someone else", 0)

    for table, wrong in (({}, 0), (Odd(), 5)):
        sharing.keep_own_key(table, "A", 5, ALONE)
        assert table.get("wrong A") == wrong


def test_who_asks_is_told_the_thread_that_served():
    answers = []
    sharing.ask_who(sharing.Counter(), answers, ALONE)
    assert answers == [threading.get_ident()]
