"""A price in another currency: the rate comes in by a global or by an argument, the result goes
out by a global or by a queue."""

from multiprocessing import Process, SimpleQueue

rate, result = 1, 0


def by_global(answers: SimpleQueue) -> None:
    global result
    result = 100 * rate
    answers.put(result)


def by_argument(rate: int, answers: SimpleQueue) -> None:
    answers.put(100 * rate)


if __name__ == "__main__":
    rate, answers = 3, SimpleQueue()
    for target, args in ((by_global, (answers,)), (by_argument, (rate, answers))):
        child = Process(target=target, args=args)
        child.start()
        print(f"in {target.__name__}, out by a queue:", answers.get())
        child.join()
    print("out by a global:", result)
