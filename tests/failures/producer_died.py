"""Fails: producer_gone.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import os
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(queue):
    os._exit(1)


if __name__ == "__main__":
    queue = context.Queue()
    process = context.Process(target=work, args=(queue,))
    process.start()
    print(queue.get())
