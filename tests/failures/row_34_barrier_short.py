"""Row 34: a barrier with too few parties.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(barrier):
    barrier.wait()


if __name__ == "__main__":
    barrier = context.Barrier(3)
    processes = [context.Process(target=work, args=(barrier,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
