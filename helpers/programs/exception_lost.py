"""A task raises an exception that the parent can't rebuild."""

from multiprocessing import Pool


class BadInput(Exception):
    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")


def read(number: int) -> int:
    raise BadInput(number, "not a number")


if __name__ == "__main__":
    with Pool(2) as pool:
        print("results:", pool.map(read, range(4)))
