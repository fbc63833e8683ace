"""Fails: exceptions_not_asked_for.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return 1 / number


if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        executor.map(work, range(3))
    print("finished")
