"""Wrong: by values, each page in a process of its own, all together: failed before they called"""

from multiprocessing import Pipe, Process

from helpers.workers.lab_03 import count_word


def send(page: str, word: str) -> None:
    end.send(count_word(page, word))  # noqa: F821 (no end was passed to this process)


def count_by_values(pages: list[str], word: str) -> int:
    total = 0
    for page in pages:
        mine, _ = Pipe()
        process = Process(target=send, args=(page.split(), word))
        process.start()
        process.join()
        total += mine.recv() if mine.poll() else page.split().count(word)
    return total


def count_in_shared_memory(pages: list[str], word: str) -> int:
    raise NotImplementedError
