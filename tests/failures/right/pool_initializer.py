"""Right: a lock handed to the initializer.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def prepare(given):
    global lock
    lock = given


def work(number):
    with lock:
        return number


if __name__ == "__main__":
    with context.Pool(2, initializer=prepare, initargs=(context.Lock(),)) as pool:
        print(pool.map(work, range(10)))
