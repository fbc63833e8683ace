"""Divide 12 by three numbers in an executor."""

from concurrent.futures import ProcessPoolExecutor


def divide(number):
    print("12 /", number, "is", 12 / number, flush=True)


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as executor:
        for number in range(3):
            executor.submit(divide, number)
    print("all done")
