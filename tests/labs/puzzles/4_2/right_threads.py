"""Right: threads, which can wait for a shop as well."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def cheapest(ask: Callable[[str], int], shops: list[str]) -> tuple[str, int]:
    with ThreadPoolExecutor() as pool:
        offers = list(zip(pool.map(ask, shops), shops, strict=True))
    price, shop = min(offers)
    return shop, price
