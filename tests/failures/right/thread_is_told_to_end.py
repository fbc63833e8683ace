"""Right: a thread of the child is told to end by a sentinel.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import queue
import sys
import threading

context = multiprocessing.get_context(sys.argv[1])


def save(found):
    for number in iter(found.get, None):
        print("save", number)


def work():
    found = queue.Queue()
    threading.Thread(target=save, args=(found,)).start()
    for number in range(3):
        found.put(number)
    found.put(None)


if __name__ == "__main__":
    child = context.Process(target=work)
    child.start()
    child.join()
