"""Row 49: a function without a name that others can find.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


if __name__ == "__main__":
    with context.Pool(2) as pool:
        print(pool.map(lambda number: number, range(4)))
