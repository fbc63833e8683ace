"""Fails: unpicklable_exception.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import threading

context = multiprocessing.get_context(sys.argv[1])


class ServiceError(Exception):
    pass


def ask(number):
    if number == 2:
        raise ServiceError("no answer", threading.Lock())
    return number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(ask, range(4), chunksize=1))
