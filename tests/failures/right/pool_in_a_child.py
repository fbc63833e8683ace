"""Right: a child creates a pool of its own.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def square(number):
    return number * number


def report():
    with context.Pool(2) as pool:
        print(pool.map(square, range(4)))


if __name__ == "__main__":
    child = context.Process(target=report)
    child.start()
    child.join()
