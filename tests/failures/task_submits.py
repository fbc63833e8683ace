"""Fails: task_waits_for_own_executor.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


executor = ProcessPoolExecutor(2, mp_context=context)


def factorial(number):
    return 1 if number < 2 else number * executor.submit(factorial, number - 1).result()


if __name__ == "__main__":
    print(executor.submit(factorial, 4).result())
