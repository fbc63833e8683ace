"""Fails: results_after_with.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    time.sleep(0.2)
    return number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        results = pool.imap(work, range(8))
    print(next(results))
