"""Right: a manager that gives memory back.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
from multiprocessing.managers import SharedMemoryManager

context = multiprocessing.get_context(sys.argv[1])


def work(shared):
    shared[0] = 7


if __name__ == "__main__":
    with SharedMemoryManager(ctx=context) as manager:
        shared = manager.ShareableList([1, 2, 3])
        process = context.Process(target=work, args=(shared,))
        process.start()
        process.join()
        print(shared[0])
        shared.shm.close()
