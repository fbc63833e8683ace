"""Right: each child protects its own threads by a lock at the top of the file.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import threading

context = multiprocessing.get_context(sys.argv[1])
lock = threading.Lock()
total = 0


def add():
    global total
    for _ in range(100):
        with lock:
            total += 1


def work():
    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total == 300


if __name__ == "__main__":
    children = [context.Process(target=work) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print([child.exitcode for child in children])
