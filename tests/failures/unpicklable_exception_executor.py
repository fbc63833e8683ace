"""Fails: unpicklable_exception.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import threading
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


class ServiceError(Exception):
    pass


def ask(number):
    if number == 2:
        raise ServiceError("no answer", threading.Lock())
    return number


if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        print(list(executor.map(ask, range(4))))
