"""Wrong: every letter is delivered: 'letter to Cyd', None]"""

from multiprocessing import Process, Queue


def deliver(letters: Queue, report: Queue) -> None:
    delivered = [letters.get()]
    while delivered[-1] is not None:
        delivered.append(letters.get())
    report.put(delivered)


def deliver_all(addresses: list[str]) -> list[str]:
    letters, report = Queue(), Queue()
    for address in addresses:
        letters.put(f"letter to {address}")
    letters.put(None)
    postman = Process(target=deliver, args=(letters, report))
    postman.start()
    delivered = report.get()
    postman.join()
    return delivered
