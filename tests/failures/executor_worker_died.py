"""Fails: executor_worker_died.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    os._exit(7)


if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        print(list(executor.map(work, range(4))))
