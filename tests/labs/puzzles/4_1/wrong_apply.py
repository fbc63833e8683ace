"""Wrong: both ends of the table are lifted: the code did not come back"""

from multiprocessing import Barrier, Pool
from multiprocessing.synchronize import Barrier as Table

kept = {}


def keep(barrier: Table) -> None:
    kept["both"] = barrier


def lift(end: str) -> str:
    kept["both"].wait()
    return end


def carry(ends: list[str]) -> list[str]:
    with Pool(2, keep, (Barrier(2),)) as pool:
        return [pool.apply(lift, (end,)) for end in ends]
