"""Right: a task has a wrong name, and its error is caught.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def scaled(number):
    return number * no_such_name  # noqa: F821


if __name__ == "__main__":
    with context.Pool(2) as pool:
        try:
            print(pool.map(scaled, range(4)))
        except NameError as error:
            print(error)
