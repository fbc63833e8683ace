"""Wrong: the lowest price comes with its own shop: got ("Ada's", 2)"""

from collections.abc import Callable
from multiprocessing import Pool


def cheapest(ask: Callable[[str], int], shops: list[str]) -> tuple[str, int]:
    with Pool(2) as pool:
        prices = sorted(pool.imap_unordered(ask, shops))
    offers = dict(zip(shops, prices, strict=True))
    best = min(offers, key=offers.__getitem__)
    return best, offers[best]
