"""Fails: result_not_rebuilt.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


class Pair:
    def __init__(self, left, right):
        self.left, self.right = left, right

    def __reduce__(self):
        return Pair, (self.left,)


def pair(number):
    return Pair(number, -number)


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(len(pool.map(pair, range(4))))
