"""Fails: callback_raised.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return number


def keep(number):
    raise ValueError(number)


if __name__ == "__main__":
    with context.Pool(2) as pool:
        results = [pool.apply_async(work, (number,), callback=keep) for number in range(4)]
        print([result.get() for result in results])
