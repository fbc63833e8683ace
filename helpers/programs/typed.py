"""What a tester types is recorded in place of standard input. Pass `plain` or `knows its process`.

The record is written when it is closed. Two children are started by fork, and do nothing.
"""

import io
import multiprocessing
import os
import sys
import tempfile
from pathlib import Path


class Recorded(io.StringIO):
    """Keeps what is typed; when it is closed, appends it to a file."""

    def __init__(self, path: Path, knows_its_process: bool) -> None:
        super().__init__()
        self.path, self.typed = path, []
        self.owner = os.getpid() if knows_its_process else None

    def close(self) -> None:
        if self.owner in (None, os.getpid()):
            with self.path.open("a", encoding="utf-8") as file:
                file.writelines(self.typed)
        self.typed = []
        super().close()


def nothing() -> None:
    """A child with nothing to do."""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "typed.txt"
        sys.stdin = Recorded(path, knows_its_process=sys.argv[1] != "plain")
        sys.stdin.typed.append("one line\n")
        children = [multiprocessing.Process(target=nothing) for _ in range(2)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        sys.stdin.close()
        print("lines in the file:", len(path.read_text(encoding="utf-8").splitlines()))
