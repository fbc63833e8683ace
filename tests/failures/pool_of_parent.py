"""Fails: pool_of_another_process.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def square(number):
    return number * number


def report(pool):
    print(pool.map(square, range(4)))


if __name__ == "__main__":
    with context.Pool(2) as pool:
        child = context.Process(target=report, args=(pool,))
        child.start()
        child.join()
