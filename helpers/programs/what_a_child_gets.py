"""What the second child finds of what its parent set after the first child."""

import os
import tempfile
import threading
from multiprocessing import Process, SimpleQueue
from pathlib import Path


def nothing() -> None:
    """End at once."""


def look(answers: SimpleQueue) -> None:
    late = os.environ.get("COURSE_LATE", "missing")
    answers.put((late, Path.cwd(), threading.active_count()))


if __name__ == "__main__":
    first = Process(target=nothing)  # a fork server starts here
    first.start()
    first.join()

    os.environ["COURSE_LATE"] = "set"
    leave = threading.Event()
    thread = threading.Thread(target=leave.wait)
    thread.start()
    home, folder = Path.cwd(), tempfile.gettempdir()
    os.chdir(folder)

    answers = SimpleQueue()
    second = Process(target=look, args=(answers,))
    second.start()
    late, working_directory, threads = answers.get()
    second.join()
    leave.set()
    thread.join()

    same = working_directory.samefile(folder)
    os.chdir(home)
    print("a variable of the environment:", late)
    print("the working directory:", "the parent's" if same else "another one")
    print("threads, of the parent's two:", threads)
