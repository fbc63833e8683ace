"""Fails: notified_too_early.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(condition):
    time.sleep(1)
    with condition:
        condition.wait()


if __name__ == "__main__":
    condition = context.Condition()
    child = context.Process(target=work, args=(condition,))
    child.start()
    with condition:
        condition.notify()
    child.join()
