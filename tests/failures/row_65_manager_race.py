"""Row 65: two processes change one entry of a manager's dict.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(counts, both):
    both.wait()
    for _ in range(1500):
        counts["n"] += 1


if __name__ == "__main__":
    with context.Manager() as manager:
        counts, both = manager.dict(n=0), context.Barrier(2)
        processes = [context.Process(target=work, args=(counts, both)) for _ in range(2)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        print(counts["n"])
