"""Right: a task's exception holds only text, and is caught.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


class ServiceError(Exception):
    pass


def ask(number):
    if number == 2:
        raise ServiceError("no answer", number)
    return number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        try:
            print(pool.map(ask, range(4), chunksize=1))
        except ServiceError as error:
            print("caught", error)
