"""Right: classes of its own in a fork context, one by one under the lock."""

from multiprocessing import get_context
from multiprocessing.connection import Connection

from helpers.workers.lab_03 import count_word

FORK = get_context("fork")


class Counter(FORK.Process):
    def __init__(self, page: str, word: str, end: Connection) -> None:
        super().__init__()
        self.page, self.word, self.end = page, word, end

    def run(self) -> None:
        self.end.send(count_word(self.page, self.word))


class Adder(FORK.Process):
    def __init__(self, page: str, word: str, total: object) -> None:
        super().__init__(name=f"adder of {page[:10]}")
        self.page, self.word, self.total = page, word, total

    def run(self) -> None:
        for _ in range(count_word(self.page, self.word)):
            with self.total:
                self.total.value += 1


def finish(processes: list[FORK.Process]) -> None:
    for process in processes:
        process.join()
        if process.exitcode != 0:
            raise RuntimeError(f"{process.name} failed")


def count_by_values(pages: list[str], word: str) -> int:
    pipes = [FORK.Pipe(duplex=False) for _ in pages]
    children = [Counter(page, word, end) for page, (_, end) in zip(pages, pipes, strict=True)]
    for child in children:
        child.start()
    counts = [mine.recv() for mine, _ in pipes]
    finish(children)
    return sum(counts)


def count_in_shared_memory(pages: list[str], word: str) -> int:
    total = FORK.Value("q", 0)
    children = [Adder(page, word, total) for page in pages]
    for child in children:
        child.start()
    finish(children)
    return int(total.value)
