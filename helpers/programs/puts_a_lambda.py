"""A child puts an object that can't be pickled, and goes on working for some seconds."""

import sys
import time
from multiprocessing import Process, Queue


def work(seconds, results):
    results.put(lambda: 1)
    print("put() has returned", flush=True)
    time.sleep(seconds)


if __name__ == "__main__":
    results = Queue()
    child = Process(target=work, args=(float(sys.argv[1]), results))
    child.start()
    print("the parent has got", results.get())
