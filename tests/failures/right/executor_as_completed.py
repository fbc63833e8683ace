"""Right: results in the order of their ends.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import concurrent.futures
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    time.sleep(0.02 * number)
    return number


if __name__ == "__main__":
    with ProcessPoolExecutor(3, mp_context=context) as executor:
        futures = [executor.submit(work, number) for number in (3, 1, 2)]
        for future in concurrent.futures.as_completed(futures):
            print(future.result())
