"""A forked child only reads what its parent made: by how much its own memory grows."""

import multiprocessing
from multiprocessing import SimpleQueue

import numpy
import psutil

SIZE = 32_000_000  # bytes of each


def own_megabytes() -> float:
    return psutil.Process().memory_full_info().uss / 1e6  # what no other process shares


def read(data: object, answers: SimpleQueue) -> None:
    before = own_megabytes()
    if isinstance(data, list):
        for _ in data:
            pass
    else:
        data.max()
    answers.put(own_megabytes() - before)


if __name__ == "__main__":
    made = {
        "an array of numbers": numpy.ones(SIZE // 8),
        "a list with one object many times": [object()] * (SIZE // 8),
        "a list of many objects": [float(n) for n in range(SIZE // 32)],
    }
    fork, answers = multiprocessing.get_context("fork"), SimpleQueue()
    for name, data in made.items():
        child = fork.Process(target=read, args=(data, answers))
        child.start()
        print(f"{name}: {answers.get():.1f}")
        child.join()
