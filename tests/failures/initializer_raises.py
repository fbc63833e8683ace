"""Fails: initializer_fails.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
output: 20000
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def prepare():
    raise ValueError("not ready")


def work(number):
    return number


if __name__ == "__main__":
    with context.Pool(2, initializer=prepare) as pool:
        print(pool.map(work, range(4)))
