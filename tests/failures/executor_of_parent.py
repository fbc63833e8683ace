"""Fails: pool_of_another_process.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def report(executor):
    print(executor.submit(pow, 2, 5).result())


if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        print(executor.submit(pow, 2, 3).result())
        child = context.Process(target=report, args=(executor,))
        child.start()
        child.join()
