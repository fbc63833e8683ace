"""One child finds a shared number by its global name, the other one gets it as an argument."""

from multiprocessing import Process, Value
from multiprocessing.sharedctypes import Synchronized

number = Value("i", 0)


def fill_global() -> None:
    number.value = 7


def fill_argument(given: Synchronized) -> None:
    given.value = 7


if __name__ == "__main__":
    child = Process(target=fill_global)
    child.start()
    child.join()
    print("by a global, the parent reads:", number.value)

    number.value = 0
    child = Process(target=fill_argument, args=(number,))
    child.start()
    child.join()
    print("as an argument, the parent reads:", number.value)
