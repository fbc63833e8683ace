"""Fails: same_seeds.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

import numpy

context = multiprocessing.get_context(sys.argv[1])


def work(queue):
    queue.put(numpy.random.rand())


if __name__ == "__main__":
    numpy.random.seed(1)
    queue = context.Queue()
    processes = [context.Process(target=work, args=(queue,)) for _ in range(3)]
    for process in processes:
        process.start()
    print([queue.get() for _ in processes])
    for process in processes:
        process.join()
