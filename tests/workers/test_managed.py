"""What lesson 05's children and threads do with a manager's objects, tried without processes."""

from __future__ import annotations

import queue
import threading

from helpers.workers import managed

ALONE = threading.Barrier(1)


def test_a_process_that_adds_or_presses_alone_loses_nothing():
    table, counter, lock = {"n": 0}, managed.Counter(), threading.Lock()
    managed.add_often(table, 50, ALONE)
    managed.add_with_lock(table, 50, ALONE, lock)
    managed.press_often(counter, 50, ALONE)
    managed.press_with_lock(counter, 50, ALONE, lock)
    assert (table["n"], counter.read()) == (100, 100)


def test_a_square_is_put():
    answers = queue.Queue()
    managed.put_square(3, answers)
    assert answers.get() == 9


def test_a_square_is_added():
    table = {"sum": 1}
    managed.add_square(table, 3, threading.Lock())
    assert table == {"sum": 10}


def test_the_slow_key_sorts_as_the_number_does():
    assert sorted([3, 1, 2], key=managed.slow_key) == [1, 2, 3]


def test_lengths_are_watched_until_told_to_stop():
    class Stopping(list):
        def append(self, length: int) -> None:
            super().append(length)
            if len(self) == 3:
                stop.set()

    lengths, stop = Stopping(), threading.Event()
    managed.watch_length([1, 2], lengths, stop)
    assert lengths == [2, 2, 2]


def test_a_thread_is_told_which_thread_served_it():
    answers = []
    managed.ask_who_serves(managed.Counter(), answers, ALONE)
    assert answers == [threading.get_ident()]
