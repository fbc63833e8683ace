"""Several things, each given to a child as an argument: which of them arrive."""

import tempfile
import threading
from multiprocessing import Process


def touch(thing: object) -> None:
    """Having the thing is enough."""


if __name__ == "__main__":

    def outer() -> object:
        def local() -> None:
            """A function in a function."""

        return local

    with tempfile.TemporaryFile() as file:
        things = {
            "a list": [1, 2, 3],
            "a function of this file": touch,
            "a lambda": lambda: None,
            "a function in a function": outer(),
            "a lock of threading": threading.Lock(),
            "an open file": file,
            "a generator": (n for n in "abc"),
        }
        arrived = 0
        for name, thing in things.items():
            child = Process(target=touch, args=(thing,))
            try:
                child.start()
            except Exception:  # which exception it is differs by version
                print(f"{name}: refused")
                continue
            child.join()
            arrived += child.exitcode == 0
            print(f"{name}:", "arrives" if child.exitcode == 0 else "fails in the child")
        print("things that arrive:", arrived)
