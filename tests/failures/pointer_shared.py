"""Fails: pointer_shared.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import ctypes
import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def rename(name):
    name.value = b"a name that is long enough " * 40


if __name__ == "__main__":
    name = context.Value(ctypes.c_char_p, b"old")
    child = context.Process(target=rename, args=(name,))
    child.start()
    child.join()
    print(name.value)
