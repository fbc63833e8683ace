"""What a child finds of what its parent had and did before it started the child."""

import os
import random
import tempfile
import threading
from multiprocessing import Process, SimpleQueue
from pathlib import Path

colour = "red"


def nothing() -> None:
    """End at once."""


def look(number: int, file: tuple, answers: SimpleQueue) -> None:
    import numpy.random  # not above: some fork servers import this file once, for all children

    try:
        status = os.fstat(number)
        is_open = (status.st_dev, status.st_ino) == file
    except OSError:
        is_open = False
    answers.put((colour, os.environ.get("COURSE_LATE", "missing"), Path.cwd(), is_open,
                 threading.active_count() - 1, random.random(), numpy.random.random()))  # fmt: skip


if __name__ == "__main__":
    import numpy.random

    random.seed(1)
    numpy.random.seed(1)
    first = Process(target=nothing)  # if there is a fork server, it runs from here on
    first.start()
    first.join()

    colour, os.environ["COURSE_LATE"] = "blue", "set"
    leave = threading.Event()
    thread = threading.Thread(target=leave.wait)
    thread.start()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:
        home = Path.cwd()
        os.chdir(folder)
        status, answers = os.fstat(file.fileno()), SimpleQueue()
        args = (file.fileno(), (status.st_dev, status.st_ino), answers)
        children = [Process(target=look, args=args) for _ in "ab"]
        for child in children:
            child.start()
        one, other = answers.get(), answers.get()
        for child in children:
            child.join()
        same_folder = one[2].samefile(folder)
        os.chdir(home)
    leave.set()
    thread.join()

    print("global set to blue by main:", one[0])
    print("environment variable set late:", one[1])
    print("working directory set late:", "the parent's" if same_folder else "another")
    print("the parent's open file:", "open" if one[3] else "not open")
    print("the parent's other threads:", one[4])
    for name, place in (("random", 5), ("numpy.random", 6)):
        drawn = "equal" if one[place] == other[place] else "different"
        print(f"{name} in two children, seeded by main:", drawn)
