"""Right: a pool's map.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return number * number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(work, range(20), chunksize=3))
