"""Fails: no_sentinel.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(queue):
    for item in iter(queue.get, None):
        print(item)


if __name__ == "__main__":
    queue = context.Queue()
    process = context.Process(target=work, args=(queue,))
    process.start()
    for number in range(3):
        queue.put(number)
    process.join()
