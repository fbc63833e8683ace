"""Fails: nameless_function.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def main():
    def work():
        print("hello")

    process = context.Process(target=work)
    process.start()
    process.join()


if __name__ == "__main__":
    main()
