"""The other side of a channel: it answers every message with the message's last byte.

A child runs one of these functions, each for a kind of channel, until it is told that no message
follows: by None, or by a length of 0 in shared memory.
"""

from __future__ import annotations

import signal
import struct
from collections.abc import Callable
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING

from helpers import process_control

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Semaphore

HEAD = 16  # bytes of the block before the message: the message's length, then the answer
ANSWER = 8  # where in the block the answer is


def answer(get: Callable, put: Callable) -> None:
    """Put the last byte of every message that `get` returns, until it returns None."""
    while True:
        message = get()
        if message is None:
            break
        last = message[-1]
        del message  # a large one would be held until the next has come
        put(last)


def answer_by_queue(there: Queue, back: Queue) -> None:
    """Answer the messages of one queue through another one."""
    _begin()
    answer(there.get, back.put)


def answer_by_pipe(end: Connection) -> None:
    """Answer the messages of a pipe through the same pipe."""
    _begin()
    answer(end.recv, end.send)


def answer_in_place(name: str, there: Semaphore, back: Semaphore) -> None:
    """Answer messages in the shared memory of that name; one semaphore announces each direction."""
    _begin()
    block = SharedMemory(name=name)
    buffer = bytes_of(block)
    while True:
        there.acquire()  # wait for the message
        (size,) = struct.unpack_from("<Q", buffer)  # the block begins with the message's length
        if size == 0:
            break
        buffer[ANSWER] = buffer[HEAD + size - 1]  # the message's last byte
        back.release()  # the answer is there
    block.close()


def bytes_of(block: SharedMemory) -> memoryview:
    """Return the bytes of the shared memory: an open block always has them."""
    assert block.buf is not None
    return block.buf


def _begin() -> None:
    """Leave an interrupt to the parent, and end when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process_control.exit_with_parent()
