"""Wrong: a large dictionary makes no word slower: it was pickled 8 times for 30 words"""

from functools import partial
from multiprocessing import Pool


def translate(dictionary: dict[str, str], word: str) -> str:
    return dictionary[word]


def translate_all(words: list[str], dictionary: dict[str, str]) -> list[str]:
    with Pool(2) as pool:
        return pool.map(partial(translate, dictionary), words)
