"""Fails: children_outlive_parent.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import os
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(started):
    started.set()
    context.Event().wait()


if __name__ == "__main__":
    started = context.Event()
    context.Process(target=work, args=(started,)).start()
    started.wait()
    os._exit(3)
