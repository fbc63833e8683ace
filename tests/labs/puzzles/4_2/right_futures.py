"""Right: a dict from future to shop."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed


def cheapest(ask: Callable[[str], int], shops: list[str]) -> tuple[str, int]:
    with ProcessPoolExecutor(2) as pool:
        futures = {pool.submit(ask, shop): shop for shop in shops}
        offers = {futures[future]: future.result() for future in as_completed(futures)}
    best = min(offers, key=offers.__getitem__)
    return best, offers[best]
