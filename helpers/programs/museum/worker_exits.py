"""Read four files in a pool; stop at one that can't be read."""

import sys
from multiprocessing import Pool


def read(name):
    if name == "broken":
        sys.exit("this one can't be read")
    return len(name)


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(read, ["one", "two", "broken", "four"]))
