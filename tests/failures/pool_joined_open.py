"""Fails: pool_out_of_order.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(work, range(4)))
        pool.join()
