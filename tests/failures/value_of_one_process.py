"""Fails: value_of_one_process.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def count(counter):
    for _ in range(100):
        with counter.get_lock():
            counter.value += 1


if __name__ == "__main__":
    counters = [context.Value("i", 0) for _ in range(2)]
    children = [context.Process(target=count, args=(counter,)) for counter in counters]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print("counted")
