"""Right: two locks are taken in the same order, and released before the join.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def move(first, second):
    with first:
        time.sleep(0.3)
        with second:
            print("moved")


if __name__ == "__main__":
    left, right = context.Lock(), context.Lock()
    children = [context.Process(target=move, args=(left, right)) for _ in range(2)]
    with left:
        for child in children:
            child.start()
    for child in children:
        child.join()
