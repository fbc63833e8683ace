"""Row 64: two processes change one value.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(value, both):
    both.wait()
    for _ in range(5000):
        value.value += 1


if __name__ == "__main__":
    value, both = context.Value("i", 0), context.Barrier(2)
    processes = [context.Process(target=work, args=(value, both)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(value.value)
