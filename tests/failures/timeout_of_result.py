"""Fails: running_task_not_canceled.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 6
"""

import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor, TimeoutError

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        future = executor.submit(time.sleep, 60)
        try:
            future.result(timeout=1)
        except TimeoutError:
            print("given up")
