"""Right: looks at the exception of every future.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import concurrent.futures
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return 1 / number


if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        futures = [executor.submit(work, number) for number in range(3)]
        concurrent.futures.wait(futures)
    print([type(future.exception()).__name__ for future in futures])
