"""Right: children that have children.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def leaf():
    print("leaf")


def branch():
    child = context.Process(target=leaf)
    child.start()
    child.join()


if __name__ == "__main__":
    process = context.Process(target=branch)
    process.start()
    process.join()
