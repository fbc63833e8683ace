"""Right: a child saves its results in a finally.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import tempfile
from pathlib import Path

context = multiprocessing.get_context(sys.argv[1])


def work(path):
    found = []
    try:
        found.append(42)
    finally:
        path.write_text(str(found))


if __name__ == "__main__":
    path = Path(tempfile.mkdtemp(), "found.txt")
    child = context.Process(target=work, args=(path,))
    child.start()
    child.join()
    print("saved:", path.exists())
