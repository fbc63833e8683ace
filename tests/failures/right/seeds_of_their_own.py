"""Right: each child has a generator of its own.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import random
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(queue, seed):
    queue.put(random.Random(seed).random())


if __name__ == "__main__":
    queue = context.Queue()
    processes = [context.Process(target=work, args=(queue, seed)) for seed in range(3)]
    for process in processes:
        process.start()
    print(len({queue.get() for _ in processes}))
    for process in processes:
        process.join()
