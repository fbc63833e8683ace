"""Fails: results_after_with.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    with context.Pool(2) as pool:
        result = pool.apply_async(time.sleep, (2,))
    print(result.get(timeout=1))
