"""Right: errors are sent as values.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(queue, number):
    try:
        queue.put((True, 1 / number))
    except ZeroDivisionError as error:
        queue.put((False, str(error)))


if __name__ == "__main__":
    queue = context.Queue()
    processes = [context.Process(target=work, args=(queue, n)) for n in range(2)]
    for process in processes:
        process.start()
    print(sorted(queue.get() for _ in processes))
    for process in processes:
        process.join()
