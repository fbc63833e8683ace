"""Right: every process sleeps for seconds.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(lock):
    with lock:
        time.sleep(1.5)


if __name__ == "__main__":
    lock = context.Lock()
    processes = [context.Process(target=work, args=(lock,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
