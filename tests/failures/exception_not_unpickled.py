"""Fails: exception_not_unpickled.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


class Odd(Exception):
    def __init__(self, first, second):
        super().__init__("the text")


def work(number):
    raise Odd(1, 2)


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(work, range(4)))
