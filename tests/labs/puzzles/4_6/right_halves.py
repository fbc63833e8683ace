"""Right: two tasks, each with half of the words."""

from concurrent.futures import ProcessPoolExecutor


def translate(words: list[str], dictionary: dict[str, str]) -> list[str]:
    return [dictionary[word] for word in words]


def translate_all(words: list[str], dictionary: dict[str, str]) -> list[str]:
    half = len(words) // 2
    with ProcessPoolExecutor(2) as pool:
        futures = [
            pool.submit(translate, part, dictionary) for part in (words[:half], words[half:])
        ]
        return [entry for future in futures for entry in future.result()]
