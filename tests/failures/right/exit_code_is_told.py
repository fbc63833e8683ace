"""Right: a child fails and its parent says so.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work():
    raise ValueError("on purpose")


if __name__ == "__main__":
    process = context.Process(target=work)
    process.start()
    process.join()
    if process.exitcode != 0:
        print("it failed, as it should")
