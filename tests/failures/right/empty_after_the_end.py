"""Right: asks an empty queue after all have been joined.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(queue):
    queue.put(1)


if __name__ == "__main__":
    queue = context.SimpleQueue()
    process = context.Process(target=work, args=(queue,))
    process.start()
    process.join()
    while not queue.empty():
        print(queue.get())
