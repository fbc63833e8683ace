"""Fails: array_outlives_memory.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

from multiprocessing.shared_memory import SharedMemory

import numpy


def make():
    memory = SharedMemory(create=True, size=80)
    array = numpy.ndarray((10,), buffer=memory.buf)
    memory.unlink()
    return array


if __name__ == "__main__":
    array = make()
    array[:] = 1
    print(array.sum())
