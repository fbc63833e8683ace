"""Fails: imap_runs_ahead.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def block(number):
    return bytes([number % 256]) * 10_000_000


if __name__ == "__main__":
    with context.Pool(2) as pool:
        for found in pool.imap(block, range(100_000)):
            time.sleep(60)
    print("last:", found[:5])
