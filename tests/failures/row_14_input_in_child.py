"""Row 14: the end of input in a child.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def ask():
    print(input("How many? "))


if __name__ == "__main__":
    process = context.Process(target=ask)
    process.start()
    process.join()
