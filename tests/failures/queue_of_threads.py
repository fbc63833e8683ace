"""Fails: tool_of_threads.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import queue
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(results):
    results.put(42)


if __name__ == "__main__":
    results = queue.Queue()
    child = context.Process(target=work, args=(results,))
    child.start()
    print(results.get())
    child.join()
