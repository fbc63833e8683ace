"""Row 52: a lock or queue as a task's argument.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(lock):
    return 1


if __name__ == "__main__":
    lock = context.Lock()
    with context.Pool(2) as pool:
        print(pool.map(work, [lock]))
