"""Print a greeting in a child."""

from multiprocessing import Process


def greet():
    print("hello")


child = Process(target=greet)
child.start()
child.join()
