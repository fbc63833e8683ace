"""Functions registered with atexit: which of them run when a child ends."""

import atexit
import tempfile
from multiprocessing import Process
from pathlib import Path


def note(note_in: str, text: str) -> None:
    with Path(note_in).open("a") as file:
        file.write(text)


def work(note_in: str) -> None:
    atexit.register(note, note_in, "child's ")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        note_in = str(Path(folder) / "notes")
        atexit.register(note, note_in, "parent's ")
        child = Process(target=work, args=(note_in,))
        child.start()
        child.join()
        ran = Path(note_in).read_text() if Path(note_in).exists() else ""
        atexit.unregister(note)
    for whose in ("parent's", "child's"):
        print(f"the {whose} handler, when the child ends:", "runs" if whose in ran else "does not")
