"""Row 4: a process can't find its function.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":

    def hello():
        print("hello")

    process = context.Process(target=hello)
    process.start()
    process.join()
