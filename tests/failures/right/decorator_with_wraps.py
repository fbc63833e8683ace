"""Right: a decorated function keeps its name, and is sent by it.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import functools
import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def told(function):
    @functools.wraps(function)
    def inner(number):
        return f"{number}: {function(number)}"

    return inner


@told
def square(number):
    return number * number


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(square, range(4)))
