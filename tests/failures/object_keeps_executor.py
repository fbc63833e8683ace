"""Fails: pool_as_argument.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


class Counter:
    def __init__(self):
        self.pool = ProcessPoolExecutor(2, mp_context=context)

    def square(self, number):
        return number * number

    def total(self):
        return sum(self.pool.map(self.square, range(4)))


if __name__ == "__main__":
    print(Counter().total())
