"""Fails: copied_generator.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

import numpy

context = multiprocessing.get_context(sys.argv[1])
generator = numpy.random.RandomState(5)


def sample(results):
    results.put(generator.random_sample())


if __name__ == "__main__":
    results = context.SimpleQueue()
    children = [context.Process(target=sample, args=(results,)) for number in range(2)]
    for child in children:
        child.start()
    print(sorted(results.get() for _ in children))
    for child in children:
        child.join()
