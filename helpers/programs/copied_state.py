"""Two children draw from NumPy's global generator, which the parent has used before."""

import multiprocessing

import numpy


def draw(answers: multiprocessing.SimpleQueue) -> None:
    answers.put(numpy.random.randint(0, 1_000_000, 5).tolist())


if __name__ == "__main__":
    numpy.random.randint(0, 1_000_000)  # from here on the generator has a state in the parent
    answers = multiprocessing.SimpleQueue()
    children = [multiprocessing.Process(target=draw, args=(answers,)) for _ in range(2)]
    for child in children:
        child.start()
    first, second = answers.get(), answers.get()
    for child in children:
        child.join()
    print("both drew the same numbers:", first == second)
