"""Fails: work_at_exit.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import atexit
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def save():
    print("saved", executor.submit(pow, 2, 5).result())


if __name__ == "__main__":
    executor = ProcessPoolExecutor(1, mp_context=context)
    atexit.register(save)
    print("worked", executor.submit(pow, 3, 3).result())
