"""Print a number in a child."""

from multiprocessing import Process


def show(number):
    print("the number is", number)


if __name__ == "__main__":
    child = Process(target=show, args=(5))
    child.start()
    child.join()
