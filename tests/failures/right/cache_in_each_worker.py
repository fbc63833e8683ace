"""Right: each worker fills a cache of its own.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])
cache = {}


def square(number):
    if number not in cache:
        cache[number] = number * number
    return cache[number]


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(square, [1, 2, 1, 2]))
