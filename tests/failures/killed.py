"""Fails: killed.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import os
import signal
import sys

context = multiprocessing.get_context(sys.argv[1])


def work():
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    process = context.Process(target=work)
    process.start()
    process.join()
