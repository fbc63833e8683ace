"""Right: the list is in a manager's process."""

from multiprocessing import Manager, Process
from multiprocessing.managers import ListProxy


def weigh(place: int, parcel: list[int], weights: ListProxy) -> None:
    weights[place] = sum(parcel)


def weigh_all(parcels: list[list[int]]) -> list[int]:
    with Manager() as manager:
        weights = manager.list([0] * len(parcels))
        scales = [Process(target=weigh, args=(*pair, weights)) for pair in enumerate(parcels)]
        for scale in scales:
            scale.start()
        for scale in scales:
            scale.join()
        return list(weights)
