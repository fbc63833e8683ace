"""Right: ends well, so the exit codes need no look.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work():
    pass


if __name__ == "__main__":
    process = context.Process(target=work)
    process.start()
    process.join()
