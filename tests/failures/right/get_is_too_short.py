"""Right: a timeout inside the with block is over, and is caught.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    with context.Pool(2) as pool:
        result = pool.apply_async(time.sleep, (1,))
        try:
            result.get(timeout=0.2)
        except multiprocessing.TimeoutError:
            print("not yet")
        print(result.get())
