"""Print a greeting in a child."""

from multiprocessing import Process


def greet():
    print("hello")


if __name__ == "__main__":
    child = Process(target=greet)
    child.start()
    child.join()
