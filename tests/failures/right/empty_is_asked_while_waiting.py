"""Right: asks an empty queue again and again, and reads it.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(queue):
    time.sleep(0.2)
    queue.put("ready")
    queue.put("more, which is not needed")


if __name__ == "__main__":
    queue = context.Queue()
    process = context.Process(target=work, args=(queue,))
    process.start()
    while queue.empty():
        time.sleep(0.01)
    print(queue.get())
    process.join()
