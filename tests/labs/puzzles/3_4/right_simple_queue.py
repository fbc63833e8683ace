"""Right: put of a SimpleQueue returns when the letter is in the pipe."""

from multiprocessing import Process, SimpleQueue


def deliver(letters: SimpleQueue, report: SimpleQueue) -> None:
    delivered = []
    while not letters.empty():
        delivered.append(letters.get())
    report.put(delivered)


def deliver_all(addresses: list[str]) -> list[str]:
    letters, report = SimpleQueue(), SimpleQueue()
    for address in addresses:
        letters.put(f"letter to {address}")
    postman = Process(target=deliver, args=(letters, report))
    postman.start()
    delivered = report.get()
    postman.join()
    return delivered
