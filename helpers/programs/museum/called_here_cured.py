"""Add up a million numbers in a child."""

from multiprocessing import Process


def add_up(count):
    print("the sum is", sum(range(count)))


if __name__ == "__main__":
    child = Process(target=add_up, args=(1_000_000,))
    child.start()
    child.join()
