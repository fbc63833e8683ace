"""A child sends a page of 200,000 letters to its parent."""

from multiprocessing import Process, Queue


def fetch(pages):
    pages.put("x" * 200_000)


if __name__ == "__main__":
    pages = Queue()
    child = Process(target=fetch, args=(pages,))
    child.start()
    page = pages.get()
    child.join()
    print(len(page), "letters")
