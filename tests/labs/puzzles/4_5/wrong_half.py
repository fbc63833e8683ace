"""Wrong: the loud guests are refused: with one loud guest it raised BrokenProcessPool"""

from concurrent.futures import ProcessPoolExecutor


class Refused(Exception):
    def __init__(self, guest: str, reason: str) -> None:
        super().__init__(guest)
        self.guest, self.reason = guest, reason


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
