"""Right: each child has its own key.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(counts, key):
    counts[key] = 0
    for _ in range(20):
        counts[key] += 1


if __name__ == "__main__":
    with context.Manager() as manager:
        counts = manager.dict()
        processes = [context.Process(target=work, args=(counts, key)) for key in "ab"]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        print(sorted(counts.items()))
