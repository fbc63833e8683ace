"""Wrong: each country gets its own answer: got ['Lima', None, None, None]"""

from concurrent.futures import ProcessPoolExecutor

CAPITALS = {"Peru": "Lima", "Mali": "Bamako", "Oman": "Muscat"}


def capital(country: str) -> str:
    return CAPITALS[country]


def capitals(countries: list[str]) -> list[str | None]:
    found: list[str | None] = []
    with ProcessPoolExecutor(2) as pool:
        answers = pool.map(capital, countries)
        for _ in countries:
            try:
                found.append(next(answers, None))
            except KeyError:
                found.append(None)
    return found
