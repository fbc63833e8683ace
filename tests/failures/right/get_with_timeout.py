"""Right: gives up after a time.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(queue):
    time.sleep(0.1)


if __name__ == "__main__":
    queue = context.Queue()
    process = context.Process(target=work, args=(queue,))
    process.start()
    try:
        queue.get(timeout=0.3)
    except Exception as error:
        print(type(error).__name__)
    process.join()
