"""Row 84: children that outlived the program.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])

if __name__ == "__main__":
    executor = ProcessPoolExecutor(2, mp_context=context)
    print(list(executor.map(abs, [-1, -2])))
    sys.stdout.flush()
    os._exit(0)
