"""Fails: locks_in_different_orders.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def move(first, second):
    with first:
        time.sleep(0.5)
        with second:
            print("moved")


if __name__ == "__main__":
    left, right = context.Lock(), context.Lock()
    children = [context.Process(target=move, args=pair) for pair in ((left, right), (right, left))]
    for child in children:
        child.start()
    for child in children:
        child.join()
