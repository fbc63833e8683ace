"""Right: reads a large item before join.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(queue):
    queue.put(b"x" * 300_000)


if __name__ == "__main__":
    queue = context.Queue()
    process = context.Process(target=work, args=(queue,))
    process.start()
    print(len(queue.get()))
    process.join()
