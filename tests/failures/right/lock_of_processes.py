"""Right: a lock of multiprocessing protects a file.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import tempfile
from pathlib import Path

context = multiprocessing.get_context(sys.argv[1])


def add(path, lock):
    for _ in range(20):
        with lock:
            number = int(path.read_text())
            path.write_text(str(number + 1))


if __name__ == "__main__":
    path = Path(tempfile.mkdtemp(), "count.txt")
    path.write_text("0")
    lock = context.Lock()
    children = [context.Process(target=add, args=(path, lock)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print("40 were added")
