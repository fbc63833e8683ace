"""Right: the exception says how to rebuild it."""

from concurrent.futures import ProcessPoolExecutor


class Refused(Exception):
    def __init__(self, guest: str, reason: str) -> None:
        super().__init__(f"{guest} is {reason}")
        self.guest, self.reason = guest, reason

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return Refused, (self.guest, self.reason)


def seat(guest: str) -> None:
    if guest.startswith("loud"):
        raise Refused(guest, "too loud")


def refused(guests: list[str]) -> list[str]:
    names = []
    with ProcessPoolExecutor(2) as pool:
        futures = [pool.submit(seat, guest) for guest in guests]
        for future in futures:
            try:
                future.result()
            except Refused as error:
                names.append(error.guest)
    return names
