"""Fails: unpicklable_argument.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import threading

context = multiprocessing.get_context(sys.argv[1])


def work(lock):
    print("hello")


if __name__ == "__main__":
    process = context.Process(target=work, args=(threading.Lock(),))
    process.start()
    process.join()
