"""Right: a broken pool is noticed.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

context = multiprocessing.get_context(sys.argv[1])


def work():
    os._exit(1)


if __name__ == "__main__":
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        try:
            executor.submit(work).result()
        except BrokenProcessPool:
            print("noticed")
