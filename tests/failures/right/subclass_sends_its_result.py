"""Right: a subclass of Process puts its result into a queue.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


class Summer(context.Process):
    def __init__(self, numbers, results=None):
        super().__init__()
        self.numbers, self.results = numbers, results

    def run(self):
        self.total = sum(self.numbers)
        self.results.put(self.total)


if __name__ == "__main__":
    results = context.SimpleQueue()
    workers = [Summer(range(n), results) for n in (10, 100)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(sorted(results.get() for _ in workers))
