"""Fails: decorated_function.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
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


def square(number):
    return number * number


plain, square = square, told(square)

if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(plain, range(4)))
