"""Right: a second pool after the first was terminated.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    first = context.Pool(2)
    first.apply_async(time.sleep, (60,))
    first.terminate()
    first.join()
    with context.Pool(2) as second:
        print(second.map(abs, [-1, -2]))
