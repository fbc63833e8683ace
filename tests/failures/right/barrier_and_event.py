"""Right: a barrier that fills, an event that is set.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def work(barrier, event):
    barrier.wait()
    event.wait()


if __name__ == "__main__":
    barrier, event = context.Barrier(3), context.Event()
    processes = [context.Process(target=work, args=(barrier, event)) for _ in range(2)]
    for process in processes:
        process.start()
    barrier.wait()
    time.sleep(0.2)
    event.set()
    for process in processes:
        process.join()
