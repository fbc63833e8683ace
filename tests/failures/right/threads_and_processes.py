"""Right: an executor of each kind.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    return number


if __name__ == "__main__":
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2, mp_context=context) as processes:
        print(list(threads.map(work, range(4))), list(processes.map(work, range(4))))
