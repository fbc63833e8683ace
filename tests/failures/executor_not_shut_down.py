"""Fails: executor_not_shut_down.

methods: fork spawn forkserver
pythons: 3.11-3.12
limit: 20
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def work():
    executor = ProcessPoolExecutor(2, mp_context=context)
    print(executor.submit(pow, 2, 5).result())
    keep.append(executor)


keep = []

if __name__ == "__main__":
    child = context.Process(target=work)
    child.start()
    child.join()
