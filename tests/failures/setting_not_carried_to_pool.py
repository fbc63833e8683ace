"""Fails: state_not_carried.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])
limits = {}


def limited(number):
    return min(number, limits.get("most", 1000))


if __name__ == "__main__":
    limits["most"] = 5
    with context.Pool(2) as pool:
        print(pool.map(limited, range(10)))
