"""Right: the initializer gives each worker the lock that the main program uses too.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])
lock = None


def set_up(shared):
    global lock
    lock = shared


def work(number):
    with lock:
        return number * number


if __name__ == "__main__":
    set_up(context.Lock())
    with context.Pool(2, initializer=set_up, initargs=(lock,)) as pool:
        print(pool.map(work, range(4)), work(5))
