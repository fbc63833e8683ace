"""Right: an object that keeps its pool leaves it out when it is pickled.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


class Counter:
    def __init__(self):
        self.pool = context.Pool(2)

    def __getstate__(self):
        return {}

    def square(self, number):
        return number * number

    def total(self):
        with self.pool as pool:
            return sum(pool.map(self.square, range(4)))


if __name__ == "__main__":
    print(Counter().total())
