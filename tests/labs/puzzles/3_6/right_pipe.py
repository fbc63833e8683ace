"""Right: send of a pipe pickles at once."""

from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection


def scan(pages: list[str], batches: Connection) -> None:
    batch: list[str] = []
    for page in pages:
        batch.append(page)
        if len(batch) == 2:
            batches.send(batch)
            batch.clear()
    batches.send(batch)
    batches.send(None)


def scan_book(pages: list[str]) -> list[str]:
    scanned = []
    reading, writing = Pipe(duplex=False)
    scanner = Process(target=scan, args=(pages, writing))
    scanner.start()
    while (batch := reading.recv()) is not None:
        scanned += batch
    scanner.join()
    return scanned
