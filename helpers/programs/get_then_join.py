"""A child puts `size` bytes into a queue. Its parent gets first, and then joins it."""

import sys
from multiprocessing import Process, Queue


def work(size, results):
    results.put(b"x" * size)


if __name__ == "__main__":
    results = Queue()
    child = Process(target=work, args=(int(sys.argv[1]), results))
    child.start()
    print("bytes:", len(results.get()))
    child.join()
