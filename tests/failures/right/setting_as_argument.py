"""Right: a setting is an argument, and a global with its name keeps its value.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])
limit = 10


def work(results, limit):
    results.put(min(500, limit))


def main():
    results = context.SimpleQueue()
    child = context.Process(target=work, args=(results, 100))
    child.start()
    child.join()
    print("limited to", results.get())


if __name__ == "__main__":
    main()
