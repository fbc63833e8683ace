"""Right: the exit joins the children that the program did not join.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work():
    time.sleep(0.2)


if __name__ == "__main__":
    context.Process(target=work).start()
