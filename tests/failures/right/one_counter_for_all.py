"""Right: all children count in one shared value.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def count(counter):
    for _ in range(100):
        with counter.get_lock():
            counter.value += 1


def start(counter):
    child = context.Process(target=count, args=(counter,))
    child.start()
    return child


if __name__ == "__main__":
    counter = context.Value("i", 0)
    children = [start(counter) for _ in range(2)]
    for child in children:
        child.join()
    print(counter.value)
