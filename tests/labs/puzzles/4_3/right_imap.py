"""Right: the iterator of imap goes on after an error."""

from multiprocessing import Pool

CAPITALS = {"Peru": "Lima", "Mali": "Bamako", "Oman": "Muscat"}


def capital(country: str) -> str:
    return CAPITALS[country]


def capitals(countries: list[str]) -> list[str | None]:
    found = []
    with Pool(2) as pool:
        answers = pool.imap(capital, countries)
        while True:
            try:
                found.append(next(answers))
            except KeyError:
                found.append(None)
            except StopIteration:
                return found
