"""Right: each future tells of its own error."""

from concurrent.futures import ProcessPoolExecutor

CAPITALS = {"Peru": "Lima", "Mali": "Bamako", "Oman": "Muscat"}


def capital(country: str) -> str:
    return CAPITALS[country]


def capitals(countries: list[str]) -> list[str | None]:
    with ProcessPoolExecutor(2) as pool:
        futures = [pool.submit(capital, country) for country in countries]
    return [None if future.exception() else future.result() for future in futures]
