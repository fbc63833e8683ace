"""Right: the postman knows how many letters will come."""

from multiprocessing import Process, Queue


def deliver(letters: Queue, count: int, report: Queue) -> None:
    report.put([letters.get() for _ in range(count)])


def deliver_all(addresses: list[str]) -> list[str]:
    letters, report = Queue(), Queue()
    for address in addresses:
        letters.put(f"letter to {address}")
    postman = Process(target=deliver, args=(letters, len(addresses), report))
    postman.start()
    delivered = report.get()
    postman.join()
    return delivered
