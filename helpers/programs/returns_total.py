"""One worker counts a word on three pages, and the parent adds up what the tasks return."""

from concurrent.futures import ProcessPoolExecutor

PAGES = ["the sea the sky", "the sea", "salt and sea and sand"]
total = 0


def count(page: str) -> int:
    global total
    total += page.split().count("sea")
    return total


if __name__ == "__main__":
    with ProcessPoolExecutor(1) as executor:
        print("the parent adds up:", sum(executor.map(count, PAGES)))
