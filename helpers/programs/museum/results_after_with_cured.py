"""Square eight numbers in a pool, each of which takes a while."""

import time
from multiprocessing import Pool


def square(number):
    time.sleep(0.1)  # stands for work
    return number**2


if __name__ == "__main__":
    with Pool(2) as pool:
        squares = pool.map_async(square, range(8))
        print(squares.get())
