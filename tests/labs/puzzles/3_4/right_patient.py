"""Right: an empty queue is asked again, until the sentinel comes."""

from multiprocessing import Process, Queue
from queue import Empty


def deliver(letters: Queue, report: Queue) -> None:
    delivered = []
    while True:
        try:
            letter = letters.get(timeout=0.1)
        except Empty:
            continue
        if letter == "no more":
            break
        delivered.append(letter)
    report.put(delivered)


def deliver_all(addresses: list[str]) -> list[str]:
    letters, report = Queue(), Queue()
    postman = Process(target=deliver, args=(letters, report))
    postman.start()
    for address in addresses:
        letters.put(f"letter to {address}")
    letters.put("no more")
    delivered = report.get()
    postman.join()
    return delivered
