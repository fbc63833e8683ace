"""Wrong: by values, the total is right: and no process was started. Start one for each page"""

from multiprocessing import Process, SimpleQueue, Value

from helpers.workers.lab_03 import count_word, send_count


def count_by_values(pages: list[str], word: str) -> int:
    total = 0
    for page in pages:
        Process(target=send_count, args=(page, word, SimpleQueue()))
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
