"""Wrong: in shared memory, each page in a process of its own, all together: expected 3 processes, saw 2"""  # noqa: E501

from multiprocessing import Pool, Process, SimpleQueue, Value

from helpers.workers.lab_03 import count_word, send_count


def count_by_values(pages: list[str], word: str) -> int:
    counts = SimpleQueue()
    processes = [Process(target=send_count, args=(page, word, counts)) for page in pages]
    for process in processes:
        process.start()
    total = sum(counts.get() for _ in pages)
    for process in processes:
        process.join()
    return total


def keep(total: Value) -> None:
    global kept
    kept = total


def add_count(page: str, word: str) -> None:
    count = count_word(page, word)
    with kept.get_lock():
        kept.value += count


def count_in_shared_memory(pages: list[str], word: str) -> int:
    total = Value("q", 0)
    with Pool(2, initializer=keep, initargs=(total,)) as pool:
        pool.starmap(add_count, [(page, word) for page in pages], chunksize=1)
    return total.value
