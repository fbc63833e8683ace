"""Fails: state_not_carried.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])
limit = 10


def work(results):
    results.put(min(500, limit))


def main():
    global limit
    limit = 100
    results = context.SimpleQueue()
    child = context.Process(target=work, args=(results,))
    child.start()
    child.join()
    print("limited to", results.get())


if __name__ == "__main__":
    main()
