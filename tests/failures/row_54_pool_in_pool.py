"""Row 54: daemons can't have children.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def inner(number):
    return number


def work(number):
    with context.Pool(2) as pool:
        return pool.map(inner, range(number))


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(work, range(4)))
