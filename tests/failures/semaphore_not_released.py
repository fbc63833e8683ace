"""Fails: lock_not_released.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(places):
    places.acquire()


if __name__ == "__main__":
    places = context.Semaphore(2)
    children = [context.Process(target=work, args=(places,)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
