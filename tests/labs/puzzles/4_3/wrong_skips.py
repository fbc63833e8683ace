"""Wrong: each country gets its own answer: got ['Lima', 'Muscat']"""

from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress

CAPITALS = {"Peru": "Lima", "Mali": "Bamako", "Oman": "Muscat"}


def capital(country: str) -> str:
    return CAPITALS[country]


def capitals(countries: list[str]) -> list[str]:
    found = []
    with ProcessPoolExecutor(2) as pool:
        futures = [pool.submit(capital, country) for country in countries]
        for future in futures:
            with suppress(KeyError):
                found.append(future.result())
    return found
