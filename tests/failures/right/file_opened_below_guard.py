"""Right: the file for the results is opened below the guard.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
import tempfile
from pathlib import Path

context = multiprocessing.get_context(sys.argv[1])
path = Path(tempfile.gettempdir(), "report.txt")


def work():
    print("work")


if __name__ == "__main__":
    report = open(path, "w")  # noqa: PTH123, SIM115
    report.write("a line\n" * 5)
    report.flush()
    child = context.Process(target=work)
    child.start()
    child.join()
    print("bytes:", path.stat().st_size)
