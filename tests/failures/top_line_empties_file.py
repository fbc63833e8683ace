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
path = Path(tempfile.gettempdir(), "report.txt")
report = open(path, "w")  # noqa: PTH123, SIM115


def work():
    print("work")


if __name__ == "__main__":
    report.write("a line\n" * 5)
    report.flush()
    child = context.Process(target=work)
    child.start()
    child.join()
    print("bytes:", path.stat().st_size)
