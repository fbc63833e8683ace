"""A child asks for a name, and greets."""

from multiprocessing import Process


def greet():
    print("hello,", input())


if __name__ == "__main__":
    child = Process(target=greet)
    child.start()
    child.join()
