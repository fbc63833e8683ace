"""Right: every item is marked as done.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(queue):
    while True:
        queue.get()
        queue.task_done()


if __name__ == "__main__":
    queue = context.JoinableQueue()
    process = context.Process(target=work, args=(queue,), daemon=True)
    process.start()
    for number in range(10):
        queue.put(number)
    queue.join()
