"""A shared number reaches one child by a global, the other one as an argument."""

from multiprocessing import Process, Value

box = Value("i", 0)


def fill_global() -> None:
    box.value = 7


def fill_argument(given: Value) -> None:
    given.value = 7


if __name__ == "__main__":
    for how, target, args in (
        ("by a global", fill_global, ()),
        ("as an argument", fill_argument, (box,)),
    ):
        box.value = 0
        child = Process(target=target, args=args)
        child.start()
        child.join()
        print(f"{how}, the parent reads:", box.value)
