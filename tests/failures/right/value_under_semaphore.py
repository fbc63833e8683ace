"""Right: a counter under a semaphore.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(value, one, both):
    both.wait()
    for _ in range(1000):
        with one:
            value.value += 1


if __name__ == "__main__":
    value, one, both = context.Value("i", 0), context.Semaphore(1), context.Barrier(2)
    processes = [context.Process(target=work, args=(value, one, both)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(value.value)
