"""Wrong: a large dictionary makes no word slower: with 30 words it raised KeyError"""

from concurrent.futures import ProcessPoolExecutor

book: dict[str, str] = {}


def translate(word: str) -> str:
    return book[word]


def translate_all(words: list[str], dictionary: dict[str, str]) -> list[str]:
    book.update(dictionary)
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(translate, words))
