"""Fails: no_guard_pool.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
output: 20000
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return number


with context.Pool(2) as pool:
    print(pool.map(work, range(4)))
