"""Square a table, row by row; each row has a pool of its own."""

from multiprocessing import Pool


def square(number):
    return number**2


def square_row(row):
    return [square(number) for number in row]


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(square_row, [[1, 2], [3, 4]]))
