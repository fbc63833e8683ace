"""Fails: exceptions_not_asked_for.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return 1 / number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        for number in range(3):
            pool.apply_async(work, (number,))
        pool.close()
        pool.join()
    print("finished")
