"""Wrong: every letter is delivered: got []"""

import time
from multiprocessing import Process, Queue


def deliver(letters: Queue, report: Queue) -> None:
    time.sleep(0.2)
    delivered = []
    while not letters.empty():
        delivered.append(letters.get())
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
