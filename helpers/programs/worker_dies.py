"""One of six tasks ends its whole worker, as when it is killed. Pass `pool` or `executor`."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool


def work(number: int) -> int:
    if number == 3:
        os._exit(1)
    return number


if __name__ == "__main__":
    kind = Pool if sys.argv[1] == "pool" else ProcessPoolExecutor
    with kind(2) as workers:
        print("results:", list(workers.map(work, range(6))))
