"""Wrong: each country gets its own answer: no process was started"""

CAPITALS = {"Peru": "Lima", "Mali": "Bamako", "Oman": "Muscat"}


def capitals(countries: list[str]) -> list[str | None]:
    return [CAPITALS.get(country) for country in countries]
