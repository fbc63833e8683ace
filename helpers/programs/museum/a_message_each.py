"""Count the even ones among 3,000 numbers, in an executor."""

from concurrent.futures import ProcessPoolExecutor


def is_even(number):
    return number % 2 == 0


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as executor:
        print(sum(executor.map(is_even, range(3_000))), "are even")
