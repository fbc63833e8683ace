"""Right: each teller adds once, under the lock of the Value."""

from ctypes import c_longlong
from multiprocessing import Process, Value


def count(bag: list[int], total: c_longlong) -> None:
    worth = sum(bag)
    with total.get_lock():
        total.value += worth


def count_all(bags: list[list[int]]) -> int:
    total = Value("q", 0)
    tellers = [Process(target=count, args=(bag, total)) for bag in bags]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    return total.value
