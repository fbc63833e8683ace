"""Wrong: the loud guests are refused: the code did not come back"""

from multiprocessing import Pool


class Refused(Exception):
    def __init__(self, guest: str, reason: str) -> None:
        super().__init__(f"{guest} is {reason}")
        self.guest = guest


def seat(guest: str) -> None:
    if guest.startswith("loud"):
        raise Refused(guest, "too loud")


def refused(guests: list[str]) -> list[str]:
    names = []
    with Pool(2) as pool:
        results = [pool.apply_async(seat, (guest,)) for guest in guests]
        for result in results:
            try:
                result.get()
            except Refused as error:
                names.append(error.guest)
    return names
