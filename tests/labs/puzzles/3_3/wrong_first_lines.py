"""Wrong: a long book is copied, too: with a poem and a novel: expected"""

from multiprocessing import Process, Queue


def copy(title: str, text: str, shelf: Queue) -> None:
    shelf.put((title, text[:1000].upper()))


def copy_all(books: dict[str, str]) -> dict[str, str]:
    shelf = Queue()
    scribes = [Process(target=copy, args=(*book, shelf)) for book in books.items()]
    for scribe in scribes:
        scribe.start()
    for scribe in scribes:
        scribe.join()
    return dict(shelf.get() for _ in books)
