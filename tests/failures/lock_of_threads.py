"""Fails: tool_of_threads.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import tempfile
import threading
import time
from pathlib import Path

context = multiprocessing.get_context(sys.argv[1])


def add(path, lock):
    for number in range(20):
        with lock, path.open("a") as file:
            file.write(f"{number} ")
            time.sleep(0.001)


if __name__ == "__main__":
    path = Path(tempfile.mkdtemp(), "numbers.txt")
    lock = threading.Lock()
    children = [context.Process(target=add, args=(path, lock)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
