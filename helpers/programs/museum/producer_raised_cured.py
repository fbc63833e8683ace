"""A child divides 12 by a number and sends what it gets."""

from multiprocessing import Process, Queue


def divide(number, answers):
    try:
        answers.put(12 / number)
    except ZeroDivisionError:
        answers.put("not a number")


if __name__ == "__main__":
    answers = Queue()
    child = Process(target=divide, args=(0, answers))
    child.start()
    print("12 / 0 is", answers.get())
    child.join()
