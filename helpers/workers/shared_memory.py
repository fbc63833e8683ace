"""What the children of lesson 05 do with arrays, sent as messages or in shared memory."""

from __future__ import annotations

import pickle
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.sharedctypes import SynchronizedArray
    from multiprocessing.synchronize import Barrier, Lock


def square_copy(connection: Connection) -> None:
    """Receive an array and square it; send how many bytes came."""
    import numpy as np

    connection.send("ready")
    message = connection.recv_bytes()  # recv() reads the same bytes, and unpickles them
    numbers = pickle.loads(message)
    np.multiply(numbers, numbers, out=numbers)
    connection.send(len(message))


def square_in_place(connection: Connection) -> None:
    """Receive a block's name and a length, and square the array there; send how many bytes came."""
    import numpy as np

    connection.send("ready")
    message = connection.recv_bytes()
    name, length = pickle.loads(message)
    memory = SharedMemory(name=name)
    numbers = np.frombuffer(memory.buf, np.float64, length)
    np.multiply(numbers, numbers, out=numbers)
    del numbers  # close() refuses while an array uses the memory
    memory.close()
    connection.send(len(message))


def add_in_block(name: str, times: int, all_here: Barrier) -> None:
    """Add 1 to the integer at the start of the block, so many times."""
    memory = SharedMemory(name=name)
    counter = memory.buf.cast("q")  # the same bytes, read as integers of 8 bytes
    all_here.wait()
    for _ in range(times):
        counter[0] += 1
    counter.release()  # close() refuses while `counter` uses the memory
    memory.close()


def add_in_block_with_lock(name: str, times: int, all_here: Barrier, lock: Lock) -> None:
    """Add 1 to the integer at the start of the block, so many times, each time under the lock."""
    memory = SharedMemory(name=name)
    counter = memory.buf.cast("q")  # the same bytes, read as integers of 8 bytes
    all_here.wait()
    for _ in range(times):
        with lock:
            counter[0] += 1
    counter.release()  # close() refuses while `counter` uses the memory
    memory.close()


def square_array(array: SynchronizedArray) -> None:
    """Square the numbers of a multiprocessing.Array where they are, under its lock."""
    import numpy as np

    with array.get_lock():
        numbers = np.frombuffer(array.get_obj())
        np.multiply(numbers, numbers, out=numbers)
