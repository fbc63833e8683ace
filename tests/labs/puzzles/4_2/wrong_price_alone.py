"""Wrong: the lowest price comes with its own shop: expected ("Bob's", 2), got 2"""

from collections.abc import Callable
from multiprocessing import Pool


def cheapest(ask: Callable[[str], int], shops: list[str]) -> int:
    with Pool(2) as pool:
        return min(pool.map(ask, shops))
