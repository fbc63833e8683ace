"""Right: each child has a random generator of its own.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys

import numpy

context = multiprocessing.get_context(sys.argv[1])


def sample(results, seed):
    generator = numpy.random.default_rng(seed)
    results.put(float(generator.random()))


if __name__ == "__main__":
    results = context.SimpleQueue()
    seeds = numpy.random.SeedSequence(5).spawn(2)
    children = [
        context.Process(target=sample, args=(results, seeds[number])) for number in range(2)
    ]
    for child in children:
        child.start()
    print(sorted(results.get() for _ in children))
    for child in children:
        child.join()
