"""Wrong: every page comes out, in its order: some of the 101 pages never came out"""

from multiprocessing import Process, Queue


def scan(pages: list[str], batches: Queue) -> None:
    for first, second in zip(pages[::2], pages[1::2], strict=False):
        batches.put([first, second])
    batches.put(None)


def scan_book(pages: list[str]) -> list[str]:
    batches, scanned = Queue(), []
    scanner = Process(target=scan, args=(pages, batches))
    scanner.start()
    while (batch := batches.get()) is not None:
        scanned += batch
    scanner.join()
    return scanned
