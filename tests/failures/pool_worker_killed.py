"""Fails: pool_worker_died.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import os
import signal
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(work, range(4)))
