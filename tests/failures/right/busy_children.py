"""Right: children that compute.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 15
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


if __name__ == "__main__":
    processes = [context.Process(target=work, args=(0.4,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
