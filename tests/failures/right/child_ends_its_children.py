"""Right: a child is asked to end, and ends its own child first.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def stay(started):
    started.set()
    time.sleep(10_000)


def lead(started, stop):
    child = context.Process(target=stay, args=(started,))
    child.start()
    stop.wait()
    child.terminate()
    child.join()


if __name__ == "__main__":
    started = context.Event()
    stop = context.Event()
    child = context.Process(target=lead, args=(started, stop))
    child.start()
    started.wait()
    stop.set()
    child.join()
