"""Fails: exit_code_unseen.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work():
    sys.exit(3)


if __name__ == "__main__":
    process = context.Process(target=work)
    process.start()
    process.join()
