"""Wrong: every letter is delivered: the code did not come back"""

from multiprocessing import Process, Queue


def deliver(letters: Queue, report: Queue) -> None:
    delivered = []
    while (letter := letters.get()) is not None:
        delivered.append(letter)
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
