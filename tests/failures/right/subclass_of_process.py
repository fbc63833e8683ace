"""Right: a subclass with its own run.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys


class Worker(multiprocessing.Process):
    def run(self):
        print("running")


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    worker = Worker()
    worker.start()
    worker.join()
