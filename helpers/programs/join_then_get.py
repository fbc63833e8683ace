"""A child puts so many bytes into a queue; its parent waits for the child, and then reads."""

import sys
from multiprocessing import Process, Queue


def work(results: Queue, size: int) -> None:
    results.put(b"x" * size)


if __name__ == "__main__":
    results = Queue()
    child = Process(target=work, args=(results, int(sys.argv[1])))
    child.start()
    child.join()
    print("bytes:", len(results.get()))
