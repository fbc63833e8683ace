"""Right: a bounded queue with a slow consumer.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(queue):
    for _item in iter(queue.get, None):
        time.sleep(0.05)


if __name__ == "__main__":
    queue = context.Queue(2)
    process = context.Process(target=work, args=(queue,))
    process.start()
    for number in range(10):
        queue.put(number)
    queue.put(None)
    process.join()
