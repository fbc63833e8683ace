"""Fails: name_newer_than_workers.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def scaled(number):
    return number * factor


if __name__ == "__main__":
    with context.Pool(2) as pool:
        factor = 3
        print(pool.map(scaled, range(4)))
