"""Fails: manager_gone.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def count(totals, key):
    time.sleep(0.5)
    totals[key] = key * key


if __name__ == "__main__":
    with context.Manager() as manager:
        totals = manager.dict()
        child = context.Process(target=count, args=(totals, 1))
        child.start()
    child.join()
