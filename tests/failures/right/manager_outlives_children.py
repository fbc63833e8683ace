"""Right: the children are joined inside the manager's block.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def count(totals, key):
    totals[key] = key * key


if __name__ == "__main__":
    with context.Manager() as manager:
        totals = manager.dict()
        child = context.Process(target=count, args=(totals, 1))
        child.start()
        child.join()
        print(dict(totals))
