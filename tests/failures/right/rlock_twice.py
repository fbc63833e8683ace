"""Right: a lock that may be taken twice.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(lock):
    with lock, lock:
        print("twice")


if __name__ == "__main__":
    lock = context.RLock()
    process = context.Process(target=work, args=(lock,))
    process.start()
    process.join()
