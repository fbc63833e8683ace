"""Right: a function at the exit only prints what was counted.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import atexit
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    found = []
    atexit.register(lambda: print("results:", len(found)))
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        found.extend(executor.map(abs, range(4)))
