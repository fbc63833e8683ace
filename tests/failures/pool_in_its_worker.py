"""Fails: name_newer_than_workers.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])
pool = None


def total(numbers):
    return sum(pool.map(abs, numbers))


if __name__ == "__main__":
    pool = context.Pool(2)
    print(pool.apply(total, ([1, -2],)))
