"""Fails: max_tasks_stops_executor.

methods: spawn
pythons: 3.11-3.13
limit: 20
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return number


if __name__ == "__main__":
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=2) as executor:
        for future in [executor.submit(work, number) for number in range(10)]:
            print(future.result())
