"""Wrong: by values, the total is right: What a child changes or returns stays in the child"""

from multiprocessing import Process, Value

from helpers.workers.lab_03 import count_word

total = 0


def count(page: str, word: str) -> None:
    global total
    total += count_word(page, word)


def count_by_values(pages: list[str], word: str) -> int:
    global total
    total = 0
    processes = [Process(target=count, args=(page, word)) for page in pages]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return total


def add_count(page: str, word: str, total: Value) -> None:
    count = count_word(page, word)
    with total.get_lock():
        total.value += count


def count_in_shared_memory(pages: list[str], word: str) -> int:
    total = Value("q", 0)
    processes = [Process(target=add_count, args=(page, word, total)) for page in pages]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return total.value
