"""Fails: endless_iterable.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 4
"""

import itertools
import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        pool.map(work, itertools.count())
