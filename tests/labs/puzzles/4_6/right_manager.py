"""Right: the dictionary is in one process, which the workers ask."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Manager


def translate(word: str, dictionary: dict[str, str]) -> str:
    return dictionary[word]


def translate_all(words: list[str], dictionary: dict[str, str]) -> list[str]:
    with Manager() as manager, ProcessPoolExecutor(2) as pool:
        shared = manager.dict(dictionary)
        return list(pool.map(translate, words, [shared] * len(words)))
