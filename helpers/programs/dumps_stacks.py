"""Two workers share one None. Each process prints its stack after a while, if it is still there."""

import faulthandler
from multiprocessing import Process, Queue


def work(numbers, seconds):
    faulthandler.dump_traceback_later(seconds)
    while True:
        number = numbers.get()
        if number is None:
            break


if __name__ == "__main__":
    numbers = Queue()
    workers = [Process(target=work, args=(numbers, seconds)) for seconds in (1.5, 2)]
    for worker in workers:
        worker.start()
    faulthandler.dump_traceback_later(1)
    numbers.put(None)
    for worker in workers:
        worker.join()
