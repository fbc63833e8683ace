"""Fails: mixed_contexts.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(lock):
    print("hello")


if __name__ == "__main__":
    lock = multiprocessing.get_context("fork").Lock()
    process = context.Process(target=work, args=(lock,))
    process.start()
    process.join()
