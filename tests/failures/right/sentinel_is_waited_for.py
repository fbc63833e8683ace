"""Right: waits for the ends of several children.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
import time
from multiprocessing.connection import wait

context = multiprocessing.get_context(sys.argv[1])


def work(seconds):
    time.sleep(seconds)


if __name__ == "__main__":
    processes = [context.Process(target=work, args=(n / 20,)) for n in range(3)]
    for process in processes:
        process.start()
    waiting = {process.sentinel for process in processes}
    while waiting:
        waiting -= set(wait(waiting))
    for process in processes:
        process.join()
