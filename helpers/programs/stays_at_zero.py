"""Three children count a word, each on a page, and add what they find to a global total."""

from multiprocessing import Process, SimpleQueue

PAGES = ["the sea the sky", "the sea", "salt and sea and sand"]
total = 0


def count(page: str, seen: SimpleQueue) -> None:
    global total
    total += page.split().count("sea")
    seen.put(total)  # what this child sees, in the end


if __name__ == "__main__":
    seen = SimpleQueue()
    children = [Process(target=count, args=(page, seen)) for page in PAGES]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print("the children see:", [seen.get() for _ in children])
    print("the parent sees: ", total)
