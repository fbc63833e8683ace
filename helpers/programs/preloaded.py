"""A child of the fork server imports NumPy: its own memory before the import, and after it."""

import multiprocessing
import sys
from multiprocessing.queues import SimpleQueue

import psutil


def own_megabytes() -> float:
    return psutil.Process().memory_full_info().uss / 1e6  # what no other process shares


def use_numpy(answers: SimpleQueue) -> None:
    before = own_megabytes()
    import numpy

    numpy.ones(10).sum()
    answers.put((before, own_megabytes()))


if __name__ == "__main__":
    context = multiprocessing.get_context("forkserver")
    if sys.argv[1] == "preload":
        context.set_forkserver_preload(["numpy", "psutil"])
    answers = context.SimpleQueue()
    child = context.Process(target=use_numpy, args=(answers,))
    child.start()
    before, after = answers.get()
    print(f"{before:.1f} {after:.1f}")
    child.join()
