"""Right: the task catches the error."""

from concurrent.futures import ProcessPoolExecutor

CAPITALS = {"Peru": "Lima", "Mali": "Bamako", "Oman": "Muscat"}


def capital(country: str) -> str | None:
    try:
        return CAPITALS[country]
    except KeyError:
        return None


def capitals(countries: list[str]) -> list[str | None]:
    with ProcessPoolExecutor(2) as pool:
        return list(pool.map(capital, countries))
