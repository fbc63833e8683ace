"""Fails: exception_lost.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def worker(number):  # the name of the function that a Pool's workers run
    print(1 / number)


if __name__ == "__main__":
    processes = [context.Process(target=worker, args=(number,)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print("done")
