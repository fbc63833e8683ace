"""Right: a task's error is caught.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return 1 / number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        try:
            pool.map(work, range(3))
        except ZeroDivisionError as error:
            print("caught", error)
