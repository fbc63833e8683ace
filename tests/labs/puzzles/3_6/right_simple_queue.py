"""Right: a SimpleQueue pickles in put."""

from multiprocessing import Process, SimpleQueue


def scan(pages: list[str], batches: SimpleQueue) -> None:
    batch: list[str] = []
    for page in pages:
        batch.append(page)
        if len(batch) == 2:
            batches.put(batch)
            batch.clear()
    batches.put(batch)
    batches.put(None)


def scan_book(pages: list[str]) -> list[str]:
    batches, scanned = SimpleQueue(), []
    scanner = Process(target=scan, args=(pages, batches))
    scanner.start()
    while (batch := batches.get()) is not None:
        scanned += batch
    scanner.join()
    return scanned
