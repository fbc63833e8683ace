"""Row 32: a lock taken twice.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def inner(lock):
    with lock:
        print("inner")


def work(lock):
    with lock:
        inner(lock)


if __name__ == "__main__":
    lock = context.Lock()
    process = context.Process(target=work, args=(lock,))
    process.start()
    process.join()
