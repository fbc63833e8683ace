"""Wrong: both ends of the table are lifted: the code did not come back"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Barrier
from multiprocessing.synchronize import Barrier as Table

kept = {}


def keep(barrier: Table) -> None:
    kept["both"] = barrier


def lift(end: str) -> str:
    kept["both"].wait()
    return end


def carry(ends: list[str]) -> list[str]:
    with ProcessPoolExecutor(4, initializer=keep, initargs=(Barrier(2),)) as pool:
        return [pool.submit(lift, end).result() for end in ends]
