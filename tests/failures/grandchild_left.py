"""Fails: grandchild_left.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def stay(started):
    started.set()
    time.sleep(10_000)


def lead(started):
    child = context.Process(target=stay, args=(started,))
    child.start()
    child.join()


if __name__ == "__main__":
    started = context.Event()
    child = context.Process(target=lead, args=(started,))
    child.start()
    started.wait()
    child.terminate()
    child.join()
