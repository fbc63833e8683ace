"""A child of the fork server uses NumPy: the memory that it shares with no other process."""

import multiprocessing
import sys
from multiprocessing.queues import SimpleQueue

import psutil


def use_numpy(answers: SimpleQueue) -> None:
    import numpy

    numpy.ones(10).sum()
    answers.put(psutil.Process().memory_full_info().uss / 1e6)


if __name__ == "__main__":
    context = multiprocessing.get_context("forkserver")
    if sys.argv[1] == "preload":
        context.set_forkserver_preload(["numpy", "psutil"])
    answers = context.SimpleQueue()
    child = context.Process(target=use_numpy, args=(answers,))
    child.start()
    print(f"{answers.get():.1f}")
    child.join()
