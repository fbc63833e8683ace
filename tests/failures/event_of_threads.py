"""Fails: tool_of_threads.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import threading

context = multiprocessing.get_context(sys.argv[1])


def work(stop):
    stop.wait()


if __name__ == "__main__":
    stop = threading.Event()
    child = context.Process(target=work, args=(stop,))
    child.start()
    stop.set()
    child.join()
