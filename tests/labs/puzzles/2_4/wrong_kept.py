"""Wrong: every coin is counted: the code did not come back"""

from ctypes import c_longlong
from multiprocessing import Lock, Process, Value
from multiprocessing.synchronize import Lock as Locked


def count(bag: list[int], total: c_longlong, lock: Locked) -> None:
    for coin in bag:
        if coin == 0:
            continue
        lock.acquire()
        total.value += coin


def count_all(bags: list[list[int]]) -> int:
    total, lock = Value("q", 0), Lock()
    tellers = [Process(target=count, args=(bag, total, lock)) for bag in bags]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    return total.value
