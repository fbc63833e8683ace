"""The initializer of a pool's workers raises. Pass `pool` or `executor`."""

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool


def prepare() -> None:
    raise OSError("the data base does not answer")


if __name__ == "__main__":
    kind = Pool if sys.argv[1] == "pool" else ProcessPoolExecutor
    with kind(2, initializer=prepare) as workers:
        print("results:", list(workers.map(abs, range(6))))
