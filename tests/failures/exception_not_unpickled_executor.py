"""Fails: exception_not_unpickled.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


class Odd(Exception):
    def __init__(self, first, second):
        super().__init__("the text")


def work(number):
    raise Odd(1, 2)


if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        print(list(executor.map(work, range(4))))
