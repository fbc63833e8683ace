"""A function makes an array in shared memory and returns the array alone."""

from multiprocessing.shared_memory import SharedMemory

import numpy as np


def make_array() -> np.ndarray:
    memory = SharedMemory(create=True, size=8_000_000)
    array = np.ndarray((1_000_000,), buffer=memory.buf)
    memory.unlink()
    return array


if __name__ == "__main__":
    array = make_array()
    array[:] = 1.0
    print("sum:", array.sum())
