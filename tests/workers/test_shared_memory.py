"""What lesson 05's children do with arrays, tried without processes."""

from __future__ import annotations

import sys
import threading
from multiprocessing import Array, Pipe
from multiprocessing.shared_memory import SharedMemory

import numpy as np
import pytest

from helpers.workers import shared_memory

ALONE = threading.Barrier(1)


@pytest.fixture
def block():
    memory = SharedMemory(create=True, size=24)
    yield memory
    memory.close()
    memory.unlink()


def ask(worker, message) -> int:
    """Return how many bytes the worker says it got."""
    ours, theirs = Pipe()
    with ours, theirs:
        ours.send(message)
        worker(theirs)
        assert ours.recv() == "ready"
        return ours.recv()


def test_an_array_sent_as_a_message_is_squared_elsewhere():
    numbers = np.arange(3.0)
    assert ask(shared_memory.square_copy, numbers) > numbers.nbytes
    assert list(numbers) == [0, 1, 2]


def test_an_array_in_a_block_is_squared_where_it_is(block):
    numbers = np.frombuffer(block.buf, np.float64, 3)
    numbers[:] = (1, 2, 3)
    message = (block.name, 3)
    sent = ask(shared_memory.square_in_place, message)
    squared = list(numbers)
    del numbers
    assert squared == [1, 4, 9]
    assert 0 < sent < 100


def test_a_process_that_adds_alone_loses_nothing(block):
    shared_memory.add_in_block(block.name, 50, ALONE)
    shared_memory.add_in_block_with_lock(block.name, 50, ALONE, threading.Lock())
    assert int.from_bytes(block.buf[:8], sys.byteorder) == 100


def test_the_numbers_of_an_array_are_squared_where_they_are():
    array = Array("d", [1, 2, 3])
    shared_memory.square_array(array)
    assert array[:] == [1, 4, 9]
