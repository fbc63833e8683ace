"""Right: each ticket is a permit of a semaphore."""

from collections.abc import Callable
from multiprocessing import Process, Semaphore, SimpleQueue
from multiprocessing.synchronize import Semaphore as Permits


def sell(customer: str, tickets: Permits, sold: SimpleQueue, greet: Callable[[str], None]) -> None:
    greet(customer)
    sold.put((customer, tickets.acquire(block=False)))


def sell_all(customers: list[str], count: int, greet: Callable[[str], None]) -> dict[str, bool]:
    tickets, sold = Semaphore(count), SimpleQueue()
    clerks = [Process(target=sell, args=(name, tickets, sold, greet)) for name in customers]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    return dict(sold.get() for _ in customers)
