"""Wrong: all payments are made: greet was not called for 0 pays 1 and 1 pays 0"""

from collections.abc import Callable
from multiprocessing import Array, Lock, Process
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Lock as Locked


def pay(
    giver: int,
    taker: int,
    amount: int,
    money: SynchronizedArray,
    locks: list[Locked],
    greet: Callable[[str], None],
) -> None:
    with locks[min(giver, taker)], locks[max(giver, taker)]:
        money[giver] -= amount
        money[taker] += amount


def pay_all(
    payments: list[tuple[int, int, int]], at_first: list[int], greet: Callable[[str], None]
) -> list[int]:
    money, locks = Array("q", at_first), [Lock() for _ in at_first]
    clerks = [Process(target=pay, args=(*payment, money, locks, greet)) for payment in payments]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    return money[:]
