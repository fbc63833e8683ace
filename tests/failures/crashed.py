"""Fails: crashed.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import ctypes
import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work():
    ctypes.string_at(0)


if __name__ == "__main__":
    process = context.Process(target=work)
    process.start()
    process.join()
