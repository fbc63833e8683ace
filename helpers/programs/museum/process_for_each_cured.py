"""Square twelve numbers, and print the sum of the squares."""

from multiprocessing import Pool


def square(number):
    return number**2


if __name__ == "__main__":
    with Pool(2) as pool:
        print("the sum is", sum(pool.map(square, range(12))))
