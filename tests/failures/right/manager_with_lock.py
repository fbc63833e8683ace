"""Right: a manager's dict under a manager's lock.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(counts, lock):
    for _ in range(30):
        with lock:
            counts["n"] += 1


if __name__ == "__main__":
    with context.Manager() as manager:
        counts, lock = manager.dict(n=0), manager.Lock()
        processes = [context.Process(target=work, args=(counts, lock)) for _ in range(2)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        print(counts["n"])
