"""Right: a file that all map into memory, with a Condition's lock."""

from mmap import mmap
from multiprocessing import Condition, Process, SimpleQueue
from pathlib import Path
from tempfile import TemporaryDirectory

from helpers.workers.lab_03 import count_word, send_count


def count_by_values(pages: list[str], word: str) -> int:
    counts = SimpleQueue()
    processes = [Process(target=send_count, args=(page, word, counts)) for page in pages]
    for process in processes:
        process.start()
    total = sum(counts.get() for _ in pages)
    for process in processes:
        process.join()
    return total


def add_count(page: str, word: str, path: str, changed: Condition) -> None:
    count = count_word(page, word)
    with Path(path).open("r+b") as file, mmap(file.fileno(), 8) as total, changed:
        total[:8] = (int.from_bytes(total[:8]) + count).to_bytes(8)
        changed.notify_all()


def count_in_shared_memory(pages: list[str], word: str) -> int:
    changed = Condition()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "total"
        path.write_bytes(bytes(8))
        processes = [
            Process(target=add_count, args=(page, word, str(path), changed)) for page in pages
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        with path.open("r+b") as file, mmap(file.fileno(), 8) as total:
            return int.from_bytes(total[:8])
