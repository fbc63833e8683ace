"""Wrong: every coin is counted: the code did not come back"""

from multiprocessing import Process, RLock, Value
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import RLock as Lock


def count(bag: list[int], total: Synchronized, lock: Lock) -> None:
    for coin in bag:
        lock.acquire()
        if coin == 0:
            continue
        total.value += coin
        lock.release()


def count_all(bags: list[list[int]]) -> int:
    total, lock = Value("q", 0), RLock()
    tellers = [Process(target=count, args=(bag, total, lock)) for bag in bags]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    return total.value
