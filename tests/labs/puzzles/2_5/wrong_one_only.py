"""Wrong: no ticket is sold twice: with 2 tickets for 3 customers: 1 of them got one"""

from collections.abc import Callable
from ctypes import c_longlong
from multiprocessing import Process, SimpleQueue, Value


def sell(
    customer: str, tickets: c_longlong, sold: SimpleQueue, greet: Callable[[str], None]
) -> None:
    greet(customer)
    with tickets.get_lock():
        lucky = tickets.value > 0
        tickets.value = 0
    sold.put((customer, lucky))


def sell_all(customers: list[str], count: int, greet: Callable[[str], None]) -> dict[str, bool]:
    tickets, sold = Value("q", count), SimpleQueue()
    clerks = [Process(target=sell, args=(name, tickets, sold, greet)) for name in customers]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    return dict(sold.get() for _ in customers)
