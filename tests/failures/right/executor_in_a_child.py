"""Right: a child uses an executor in a with block.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def work():
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        print(executor.submit(pow, 2, 5).result())


if __name__ == "__main__":
    child = context.Process(target=work)
    child.start()
    child.join()
