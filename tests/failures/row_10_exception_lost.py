"""Row 10: an exception that nobody saw.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work():
    raise ValueError("half of the results are missing")


if __name__ == "__main__":
    process = context.Process(target=work)
    process.start()
    process.join()
    print("all done")
