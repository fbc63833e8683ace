"""Right: sets a variable before the first start.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import os
import sys

context = multiprocessing.get_context(sys.argv[1])


def work():
    print(os.environ["COLOR"])


if __name__ == "__main__":
    os.environ["COLOR"] = "blue"
    process = context.Process(target=work)
    process.start()
    process.join()
