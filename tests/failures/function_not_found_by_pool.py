"""Fails: function_not_found_by_pool.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":

    def square(number):
        return number * number

    with context.Pool(2) as pool:
        print(pool.map(square, range(4)))
