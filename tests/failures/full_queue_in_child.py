"""Fails: full_queue.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(queue):
    for number in range(3):
        queue.put(number)


if __name__ == "__main__":
    queue = context.Queue(2)
    process = context.Process(target=work, args=(queue,))
    process.start()
    process.join()
    print([queue.get() for _ in range(3)])
