"""Fails: top_lines_run_again.

methods: spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import tempfile
from pathlib import Path

context = multiprocessing.get_context(sys.argv[1])
folder = Path(tempfile.gettempdir(), "results of this run")
folder.mkdir()


def work():
    print("work")


if __name__ == "__main__":
    child = context.Process(target=work)
    child.start()
    child.join()
