"""Right: shows errors on purpose.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
import traceback

context = multiprocessing.get_context(sys.argv[1])


def main():
    def work():
        pass

    try:
        context.Pool(1).map(work, [1])
    except Exception:
        traceback.print_exc(file=sys.stdout)


if __name__ == "__main__":
    main()
