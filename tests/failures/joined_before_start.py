"""Fails: process_out_of_order.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work():
    print("hello")


if __name__ == "__main__":
    process = context.Process(target=work)
    process.join()
    process.start()
