"""Row 60: a temporary folder with a long path.

methods: forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys
import tempfile
from pathlib import Path

context = multiprocessing.get_context(sys.argv[1])


def work():
    print("hello")


if __name__ == "__main__":
    folder = Path(tempfile.gettempdir()) / ("deep" * 30)
    folder.mkdir()
    tempfile.tempdir = str(folder)
    process = context.Process(target=work)
    process.start()
    process.join()
