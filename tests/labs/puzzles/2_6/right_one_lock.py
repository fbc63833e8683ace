"""Right: one lock, that of the array, for all accounts."""

from collections.abc import Callable
from multiprocessing import Array, Process
from multiprocessing.sharedctypes import SynchronizedArray


def pay(
    giver: int, taker: int, amount: int, money: SynchronizedArray, greet: Callable[[str], None]
) -> None:
    greet(f"{giver} pays {taker}")
    with money.get_lock():
        money[giver] -= amount
        money[taker] += amount


def pay_all(
    payments: list[tuple[int, int, int]], at_first: list[int], greet: Callable[[str], None]
) -> list[int]:
    money = Array("q", at_first)
    clerks = [Process(target=pay, args=(*payment, money, greet)) for payment in payments]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    return money[:]
