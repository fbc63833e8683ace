"""Wrong: a large dictionary makes no word slower: it was pickled 30 times for 30 words"""

from concurrent.futures import ProcessPoolExecutor
from itertools import repeat


def translate(word: str, dictionary: dict[str, str]) -> str:
    return dictionary[word]


def translate_all(words: list[str], dictionary: dict[str, str]) -> list[str]:
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(translate, words, repeat(dictionary)))
