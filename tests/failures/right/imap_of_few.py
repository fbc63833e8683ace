"""Right: a few results of imap wait until they are taken.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def block(number):
    return bytes([number % 256]) * 10_000_000


if __name__ == "__main__":
    with context.Pool(2) as pool:
        for found in pool.imap(block, range(10)):
            time.sleep(0.1)
    print("last:", found[:5])
