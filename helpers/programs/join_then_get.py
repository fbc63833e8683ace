"""A child puts `size` bytes into a queue. Its parent joins it first, and then gets."""

import sys
from multiprocessing import Process, Queue


def work(size, results):
    results.put(b"x" * size)


if __name__ == "__main__":
    results = Queue()
    child = Process(target=work, args=(int(sys.argv[1]), results))
    child.start()
    child.join()
    print("bytes:", len(results.get()))
