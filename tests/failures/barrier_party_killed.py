"""Fails: waiter_died.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import time

context = multiprocessing.get_context(sys.argv[1])


def meet(barrier):
    barrier.wait()


if __name__ == "__main__":
    barrier = context.Barrier(2)
    first = context.Process(target=meet, args=(barrier,))
    first.start()
    time.sleep(1)
    first.kill()
    first.join()
    others = [context.Process(target=meet, args=(barrier,)) for _ in range(2)]
    for other in others:
        other.start()
    for other in others:
        other.join()
