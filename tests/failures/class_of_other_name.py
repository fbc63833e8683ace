"""Fails: class_not_found.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
from collections import namedtuple

context = multiprocessing.get_context(sys.argv[1])
Point = namedtuple("Pt", "x y")


def length(point):
    return abs(point.x) + abs(point.y)


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(length, [Point(1, 2), Point(3, 4)]))
