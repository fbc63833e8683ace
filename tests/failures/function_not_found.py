"""Fails: function_not_found.

methods: spawn
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


if multiprocessing.current_process().name == "MainProcess":

    def hello():
        print("hello")


if __name__ == "__main__":
    process = context.Process(target=hello)
    process.start()
    process.join()
