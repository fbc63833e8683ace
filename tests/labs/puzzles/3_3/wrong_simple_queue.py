"""Wrong: a long book is copied, too: the code did not come back"""

from multiprocessing import Process, SimpleQueue


def copy(title: str, text: str, shelf: SimpleQueue) -> None:
    shelf.put((title, text.upper()))


def copy_all(books: dict[str, str]) -> dict[str, str]:
    shelf = SimpleQueue()
    scribes = [Process(target=copy, args=(*book, shelf)) for book in books.items()]
    for scribe in scribes:
        scribe.start()
    for scribe in scribes:
        scribe.join()
    return dict(shelf.get() for _ in books)
