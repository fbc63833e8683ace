"""Row 56: the parent did the work itself.

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
