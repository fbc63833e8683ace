"""Right: a timeout is over, and the program then waits for the task.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor, TimeoutError

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        future = executor.submit(time.sleep, 1)
        try:
            future.result(timeout=0.2)
        except TimeoutError:
            print("not yet", future.cancel())
        print(future.result())
