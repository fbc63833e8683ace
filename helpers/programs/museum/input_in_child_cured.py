"""A child asks for a name, and greets."""

from multiprocessing import Process


def greet(name):
    print("hello,", name)


if __name__ == "__main__":
    try:
        name = input()
    except EOFError:  # nobody sits at the keyboard
        name = "world"
    child = Process(target=greet, args=(name,))
    child.start()
    child.join()
