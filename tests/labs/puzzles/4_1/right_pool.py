"""Right: a Pool, and all results are asked for after all tasks."""

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
        handed_out = [pool.apply_async(lift, (end,)) for end in ends]
        return [result.get() for result in handed_out]
