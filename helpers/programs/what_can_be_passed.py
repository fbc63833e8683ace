"""Several things, each given to a child as an argument: which of them arrive."""

import tempfile
import threading
from multiprocessing import Process


def touch(thing: object) -> None:
    """Having it is all."""


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
        for name, thing in things.items():
            child = Process(target=touch, args=(thing,))
            try:
                child.start()
                child.join()
                print(f"{name}:", "arrives" if child.exitcode == 0 else "fails in the child")
            except Exception:  # which one it is differs by version
                print(f"{name}: refused")
