"""Fails: pool_before_function.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    pool = context.Pool(2)

    def later(number):
        return number

    print(pool.map(later, range(4)))
