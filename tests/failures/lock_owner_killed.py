"""Fails: lock_owner_died.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import os
import signal
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(lock):
    lock.acquire()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    lock = context.Lock()
    process = context.Process(target=work, args=(lock,))
    process.start()
    process.join()
    with lock:
        print("mine")
