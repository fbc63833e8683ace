"""Right: children that log to standard error.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import logging
import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    logging.basicConfig(level=logging.INFO)
    logging.info("working on %s", number)
    logging.error("Traceback-like words: AttributeError is not what happened here")
    return number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(work, range(4)))
