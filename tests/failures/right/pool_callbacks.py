"""Right: callbacks, also for errors.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return 1 / number


if __name__ == "__main__":
    good, bad = [], []
    with context.Pool(2) as pool:
        for number in range(4):
            pool.apply_async(work, (number,), callback=good.append, error_callback=bad.append)
        pool.close()
        pool.join()
    print(len(good), len(bad))
