"""Fails: child_blocks_exit.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work():
    while True:
        time.sleep(0.1)


if __name__ == "__main__":
    context.Process(target=work).start()
    print("main done")
