"""Right: str.upper can be found by its name."""

from multiprocessing import Pool


def shout_all(words: list[str]) -> list[str]:
    with Pool(2) as pool:
        return pool.map(str.upper, words)
