"""Row 68: a queue that only seemed empty.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(queue, done):
    for number in range(4):
        queue.put(number)
    queue.close()
    queue.join_thread()
    done.set()


if __name__ == "__main__":
    queue, done = context.Queue(), context.Event()
    process = context.Process(target=work, args=(queue, done))
    process.start()
    found = []
    while not queue.empty():
        found.append(queue.get())
    done.wait()
    process.join()
    print(found)
