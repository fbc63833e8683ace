"""A child asks for a name, and greets."""

from multiprocessing import Process


def greet(name):
    print("hello,", name)


if __name__ == "__main__":
    try:
        name = input()
    except EOFError:  # there is no keyboard to read from
        name = "world"
    child = Process(target=greet, args=(name,))
    child.start()
    child.join()
