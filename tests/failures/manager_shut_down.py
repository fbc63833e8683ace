"""Fails: manager_gone.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    manager = context.Manager()
    totals = manager.dict(apples=3)
    manager.shutdown()
    print(totals["apples"])
