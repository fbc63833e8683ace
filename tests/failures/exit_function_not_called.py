"""Fails: exit_function_not_called.

methods: fork forkserver
pythons: 3.11-3.12
limit: 20
"""

import atexit
import multiprocessing
import sys
import tempfile
from pathlib import Path

context = multiprocessing.get_context(sys.argv[1])


def work(path):
    found = []
    atexit.register(lambda: path.write_text(str(found)))
    found.append(42)


if __name__ == "__main__":
    path = Path(tempfile.mkdtemp(), "found.txt")
    child = context.Process(target=work, args=(path,))
    child.start()
    child.join()
    print("saved:", path.exists())
