"""Fails: work_done_by_parent.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(number):
    print(number * number)


if __name__ == "__main__":
    process = context.Process(target=work, args=(5,))
    process.run()
