"""Right: a counter under a lock of its own.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 10
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def work(value, lock, both):
    both.wait()
    for _ in range(1000):
        lock.acquire()
        value.value += 1
        lock.release()


if __name__ == "__main__":
    value, lock, both = context.Value("i", 0), context.Lock(), context.Barrier(2)
    processes = [context.Process(target=work, args=(value, lock, both)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(value.value)
