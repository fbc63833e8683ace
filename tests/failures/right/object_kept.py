"""Right: an object keeps the queue that its child uses.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(results):
    results.put(42)


class Job:
    def start(self):
        self.results = context.Queue()
        self.child = context.Process(target=work, args=(self.results,))
        self.child.start()
        return self


if __name__ == "__main__":
    job = Job().start()
    print(job.results.get())
    job.child.join()
