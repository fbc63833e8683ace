"""Wrong: every coin is counted: expected 12, got 6"""

from ctypes import c_longlong
from multiprocessing import Lock, Process, Value
from multiprocessing.synchronize import Lock as Locked


def count(bag: list[int], total: c_longlong, lock: Locked) -> None:
    for coin in bag:
        with lock:
            if coin == 0:
                break
            total.value += coin


def count_all(bags: list[list[int]]) -> int:
    total, lock = Value("q", 0), Lock()
    tellers = [Process(target=count, args=(bag, total, lock)) for bag in bags]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    return total.value
