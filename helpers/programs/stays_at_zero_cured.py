"""Three children count a word, each on a page, and send what they find to the parent."""

from multiprocessing import Process, SimpleQueue

PAGES = ["the sea the sky", "the sea", "salt and sea and sand"]


def count(page: str, found: SimpleQueue) -> None:
    found.put(page.split().count("sea"))


if __name__ == "__main__":
    found = SimpleQueue()
    children = [Process(target=count, args=(page, found)) for page in PAGES]
    for child in children:
        child.start()
    total = sum(found.get() for _ in children)
    for child in children:
        child.join()
    print("the parent sees: ", total)
