"""Right: the first error of a map is caught.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return 1 / (number % 2)


if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        try:
            list(executor.map(work, range(6)))
        except ZeroDivisionError:
            print("caught")
