"""Right: a pipe for each scribe, read before the join."""

from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection


def copy(text: str, shelf: Connection) -> None:
    shelf.send(text.upper())


def copy_all(books: dict[str, str]) -> dict[str, str]:
    copies = {}
    for title, text in books.items():
        reading, writing = Pipe(duplex=False)
        scribe = Process(target=copy, args=(text, writing))
        scribe.start()
        copies[title] = reading.recv()
        scribe.join()
    return copies
