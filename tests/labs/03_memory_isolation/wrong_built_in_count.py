"""Wrong: by values, the total is right: expected 303, got 304. Does each child send what count_word returned"""  # noqa: E501

from multiprocessing import Process, SimpleQueue


def send(page, word, counts):
    counts.put(page.count(word))


def count_by_values(pages: list[str], word: str) -> int:
    counts = SimpleQueue()
    processes = [Process(target=send, args=(page, word, counts)) for page in pages]
    for process in processes:
        process.start()
    total = sum(counts.get() for _ in pages)
    for process in processes:
        process.join()
    return total


def count_in_shared_memory(pages: list[str], word: str) -> int:
    raise NotImplementedError
