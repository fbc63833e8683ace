"""Right: a pool's imap with slow tasks.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    time.sleep(0.05)
    return number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        for result in pool.imap_unordered(work, range(10)):
            print(result)
