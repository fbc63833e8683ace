"""Right: the worker returns what happened, as plain data."""

from multiprocessing import Pool


class Refused(Exception):
    def __init__(self, guest: str, reason: str) -> None:
        super().__init__(f"{guest} is {reason}")


def seat(guest: str) -> None:
    if guest.startswith("loud"):
        raise Refused(guest, "too loud")


def try_to_seat(guest: str) -> bool:
    try:
        seat(guest)
    except Refused:
        return False
    return True


def refused(guests: list[str]) -> list[str]:
    with Pool(2) as pool:
        seated = pool.map(try_to_seat, guests)
    return [guest for guest, has_seat in zip(guests, seated, strict=True) if not has_seat]
