"""Right: the manager's process keeps the items."""

from multiprocessing import Manager, Process
from queue import Queue


def copy(title: str, text: str, shelf: Queue) -> None:
    shelf.put((title, text.upper()))


def copy_all(books: dict[str, str]) -> dict[str, str]:
    with Manager() as manager:
        shelf = manager.Queue()
        scribes = [Process(target=copy, args=(*book, shelf)) for book in books.items()]
        for scribe in scribes:
            scribe.start()
        for scribe in scribes:
            scribe.join()
        return dict(shelf.get() for _ in books)
