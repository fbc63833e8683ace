"""Fails: lock_taken_twice.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(lock):
    lock.acquire()
    lock.acquire()
    print("twice")


if __name__ == "__main__":
    lock = context.Lock()
    process = context.Process(target=work, args=(lock,))
    process.start()
    process.join()
