"""Right: a manager's queue as a task's argument.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(pair):
    queue, number = pair
    queue.put(number)


if __name__ == "__main__":
    with context.Manager() as manager:
        queue = manager.Queue()
        with context.Pool(2) as pool:
            pool.map(work, [(queue, number) for number in range(4)])
        print(sorted(queue.get() for _ in range(4)))
