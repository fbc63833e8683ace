"""Right: workers are replaced after each task.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import os
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return os.getpid()


if __name__ == "__main__":
    with context.Pool(2, maxtasksperchild=1) as pool:
        print(len(set(pool.map(work, range(8), chunksize=1))))
