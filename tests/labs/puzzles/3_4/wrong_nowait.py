"""Wrong: every letter is delivered: got []"""

from multiprocessing import Process, Queue
from queue import Empty


def deliver(letters: Queue, report: Queue) -> None:
    delivered = []
    try:
        while True:
            delivered.append(letters.get_nowait())
    except Empty:
        report.put(delivered)


def deliver_all(addresses: list[str]) -> list[str]:
    letters, report = Queue(), Queue()
    for address in addresses:
        letters.put(f"letter to {address}")
    postman = Process(target=deliver, args=(letters, report))
    postman.start()
    delivered = report.get()
    postman.join()
    return delivered
