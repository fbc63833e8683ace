"""Fails: object_dropped.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(results):
    results.put(42)


class Job:
    def start(self):
        results = context.Queue()
        self.child = context.Process(target=work, args=(results,))
        self.child.start()
        return self


if __name__ == "__main__":
    child = Job().start().child
    child.join()
