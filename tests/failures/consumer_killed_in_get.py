"""Fails: consumer_died_in_get.

methods: fork forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(queue, inside):
    inside.set()
    print(queue.get())


if __name__ == "__main__":
    queue, inside = context.Queue(), context.Event()
    first = context.Process(target=work, args=(queue, inside))
    first.start()
    inside.wait()
    first.join(0.3)  # it is in get() by now
    first.kill()
    first.join()
    queue.put("an item")
    second = context.Process(target=work, args=(queue, inside))
    second.start()
    second.join()
