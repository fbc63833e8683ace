"""Fails: children_collected.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import os
import sys

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    child = context.Process(target=print, args=("work",))
    child.start()
    os.wait()  # of another part of the program
    print(child.exitcode)
