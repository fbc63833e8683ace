"""Right: warnings on standard error.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import warnings

context = multiprocessing.get_context(sys.argv[1])


def work():
    warnings.warn("this is old", DeprecationWarning, stacklevel=1)
    warnings.warn("the queue may be full", UserWarning, stacklevel=1)


if __name__ == "__main__":
    warnings.simplefilter("always")
    process = context.Process(target=work)
    process.start()
    process.join()
