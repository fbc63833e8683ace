"""Right: a Pool with an initializer."""

from multiprocessing import Pool

book: dict[str, str] = {}


def open_book(dictionary: dict[str, str]) -> None:
    book.update(dictionary)


def translate(word: str) -> str:
    return book[word]


def translate_all(words: list[str], dictionary: dict[str, str]) -> list[str]:
    with Pool(2, open_book, (dictionary,)) as pool:
        return pool.map(translate, words)
