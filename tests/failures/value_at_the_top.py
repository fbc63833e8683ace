"""Fails: made_again_by_spawn.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])
found = context.Value("i", 0)


def search():
    with found.get_lock():
        found.value += 1


if __name__ == "__main__":
    children = [context.Process(target=search) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print("found:", found.value)
