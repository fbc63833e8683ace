"""Fails: function_by_other_name.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def double(number):
    return 2 * number


twice = double
del double

if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(twice, range(4)))
