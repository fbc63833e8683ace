"""Wrong: every page comes out, in its order: pages never came out"""

import time
from multiprocessing import Process, Queue


def scan(pages: list[str], batches: Queue) -> None:
    batch: list[str] = []
    for page in pages:
        batch.append(page)
        if len(batch) == 2:
            batches.put(batch)
            time.sleep(0.001)
            batch.clear()
    batches.put(batch)
    batches.put(None)


def scan_book(pages: list[str]) -> list[str]:
    batches, scanned = Queue(), []
    scanner = Process(target=scan, args=(pages, batches))
    scanner.start()
    while (batch := batches.get()) is not None:
        scanned += batch
    scanner.join()
    return scanned
