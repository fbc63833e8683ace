"""Row 42: results read after the Pool has ended.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    time.sleep(0.2)
    return number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        result = pool.map_async(work, range(8))
    print(result.get())
