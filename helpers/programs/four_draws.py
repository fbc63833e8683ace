"""Four children draw a random number each, from five generators: how many numbers differ."""

import random
from multiprocessing import Process, SimpleQueue

import numpy

ours = random.Random()
generator = numpy.random.default_rng()


def draw(seed: numpy.random.SeedSequence, answers: SimpleQueue) -> None:
    answers.put(
        {
            "random.random()": random.random(),
            "a random.Random() of this file": ours.random(),
            "numpy.random.random()": numpy.random.random(),
            "a default_rng() of this file": generator.random(),
            "a default_rng(seed), made in the child": numpy.random.default_rng(seed).random(),
        }
    )


if __name__ == "__main__":
    answers = SimpleQueue()
    seeds = numpy.random.SeedSequence(1).spawn(4)
    children = [Process(target=draw, args=(seed, answers)) for seed in seeds]
    for child in children:
        child.start()
    drawn = [answers.get() for _ in children]
    for child in children:
        child.join()
    for name in drawn[0]:
        print(f"{name}:", len({numbers[name] for numbers in drawn}))
