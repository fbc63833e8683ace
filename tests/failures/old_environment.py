"""Fails: old_environment.

methods: forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import os
import sys

context = multiprocessing.get_context(sys.argv[1])


def work():
    print(os.environ["COLOR"])


def nothing():
    pass


if __name__ == "__main__":
    first = context.Process(target=nothing)
    first.start()
    first.join()
    os.environ["COLOR"] = "blue"
    second = context.Process(target=work)
    second.start()
    second.join()
