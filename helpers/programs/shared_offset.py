"""Three children, one after the other, count the lines of one file: by its path, and as opened."""

import tempfile
from collections.abc import Callable
from multiprocessing import Process, SimpleQueue
from pathlib import Path
from typing import TextIO


def count_at(path: Path, answers: SimpleQueue) -> None:
    with path.open() as file:
        answers.put(sum(1 for line in file))


def count_in(file: TextIO, answers: SimpleQueue) -> None:
    answers.put(sum(1 for line in file))


def ask_three(target: Callable, given: object) -> list[int]:
    answers, counts = SimpleQueue(), []
    for _ in range(3):
        child = Process(target=target, args=(given, answers))
        child.start()
        counts.append(answers.get())
        child.join()
    return counts


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "lines.txt")
        path.write_text("a line\n" * 1_000)
        print("given the path, each counts:", ask_three(count_at, path))
        with path.open() as file:
            try:
                print("given the open file, each counts:", ask_three(count_in, file))
            except TypeError:
                print("given the open file, each counts: refused")
