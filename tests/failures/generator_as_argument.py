"""Fails: copied_generator.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

import numpy

context = multiprocessing.get_context(sys.argv[1])


def sample(results, generator):
    results.put(float(generator.random()))


if __name__ == "__main__":
    results = context.SimpleQueue()
    generator = numpy.random.default_rng()
    children = [context.Process(target=sample, args=(results, generator)) for number in range(2)]
    for child in children:
        child.start()
    print(sorted(results.get() for _ in children))
    for child in children:
        child.join()
