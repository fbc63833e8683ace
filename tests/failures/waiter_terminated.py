"""Fails: waiter_died.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def wait(ready, condition):
    with condition:
        ready.set()
        condition.wait()


if __name__ == "__main__":
    ready, condition = context.Event(), context.Condition()
    child = context.Process(target=wait, args=(ready, condition))
    child.start()
    ready.wait()
    time.sleep(0.5)
    child.terminate()
    child.join()
    with condition:
        condition.notify_all()
