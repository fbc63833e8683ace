"""Fails: attribute_stays_in_child.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


class Summer(context.Process):
    def __init__(self, numbers, results=None):
        super().__init__()
        self.numbers, self.results = numbers, results
        self.total = 0

    def run(self):
        self.total = sum(self.numbers)


if __name__ == "__main__":
    workers = [Summer(range(n)) for n in (10, 100)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(sum(worker.total for worker in workers))
