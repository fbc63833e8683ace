"""Fails: lock_held_in_join.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(lock):
    with lock:
        print("work")


if __name__ == "__main__":
    lock = context.Lock()
    with lock:
        child = context.Process(target=work, args=(lock,))
        child.start()
        child.join()
