"""Row 36: task_done is missing.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(queue):
    for item in iter(queue.get, None):
        if item != 2:
            queue.task_done()


if __name__ == "__main__":
    queue = context.JoinableQueue()
    process = context.Process(target=work, args=(queue,), daemon=True)
    process.start()
    for number in range(4):
        queue.put(number)
    queue.join()
