"""A price in another currency: one child reads the rate from a global, the other is given it."""

from multiprocessing import Process, SimpleQueue

rate = 1
result = 0


def by_global(answers: SimpleQueue) -> None:
    global result
    result = 100 * rate
    answers.put(result)


def by_argument(rate: int, answers: SimpleQueue) -> None:
    answers.put(100 * rate)


if __name__ == "__main__":
    rate = 3
    answers = SimpleQueue()

    child = Process(target=by_global, args=(answers,))
    child.start()
    print("by_global sends:", answers.get())
    child.join()

    child = Process(target=by_argument, args=(rate, answers))
    child.start()
    print("by_argument sends:", answers.get())
    child.join()

    print("result in the parent:", result)
